-- Columns of ratings as the fold reads them; see facts_columns_cases. A rating that does
-- not say when the service was is taken for the latest one of its case or ticket that was
-- rendered by then; when none was, for the next one, or for none yet (2299-12-31), which
-- is after the rating. Of a subject that nobody knows nothing can be said.
-- Uses of the text around it: rated, the ratings, joined with rated_services.
-- column: subject_kind String = case, ticket or none
-- column: subject_sys String = source system of what is rated
-- column: subject_no String = its number
-- column: source_sys String = source system of the rating
-- column: rating_id String = identity of the rating there
-- column: revision UInt32 = revision; the highest stands
-- column: seq Int64 = the source's own order; 0 when it gives none
-- column: rated_at DateTime64(3,'UTC') = when it was given
-- column: served_at DateTime64(3,'UTC') = when the service was rendered; 1970-01-01 = not given, 2299-12-31 = not yet
-- column: emitted_at DateTime64(3,'UTC') = when the source sent it; 1970-01-01 = not given
-- column: level UInt8 = 1 very dissatisfied to 5 very satisfied
-- column: is_default Bool = filled in by the system
-- column: follow_up Bool = a further rating after rectification; never replaces the first
-- column: excluded Bool = taken out by an approved decision
-- column: real_name Bool = given under a name
-- column: service_no String = tells apart several services of one subject
-- column: rater_token String = token of the rater
-- column: region_code String = division
-- column: org_code String = organisation
-- column: task_code String = service item
-- column: window_id String = window
-- column: staff_id String = member of staff
-- column: channel String = channel of the rating
-- column: payload String = what else the source says, as JSON
-- column: content UInt64 = hash of what the source claims
-- column: topic String = topic of the delivery
-- column: partition UInt32 = its partition
-- column: offset UInt64 = its place there
-- column: received_at DateTime64(3,'UTC') = when the broker took it
-- column: lost UInt8 = 1 when another fact of the same identity and revision arrived before and stands
-- column: contested UInt8 = 1 when it stands against such another
subject_kind, subject_sys, subject_no, source_sys, rating_id, revision, seq, rated_at,
    multiIf(
        served_at > toDateTime64(0, 3, 'UTC') OR service_kind = '', served_at,
        arrayExists(x -> x <= rated_at, services), arrayMax(arrayFilter(x -> x <= rated_at, services)),
        notEmpty(services), services[1],
        toDateTime64('2299-12-31 00:00:00', 3, 'UTC')) AS served_at,
    emitted_at, level,
    is_default, follow_up, excluded, real_name, service_no, rater_token, region_code, org_code, task_code, window_id,
    staff_id, channel, payload, content, topic, partition, offset, received_at,
    ((partition, offset) IN (SELECT partition, offset FROM fact_conflicts FINAL WHERE topic = 'satisfaction-ratings' AND NOT stands)) AS lost,
    ((partition, offset) IN (SELECT partition, offset FROM fact_conflicts FINAL WHERE topic = 'satisfaction-ratings' AND stands)) AS contested

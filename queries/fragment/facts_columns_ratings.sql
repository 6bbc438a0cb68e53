-- Columns of ratings as the fold reads them; see facts_columns_cases. A rating that does
-- not say when the service was is taken for the latest one of its case or ticket that was
-- rendered by then; when none was, for the next one, or for none yet (2299-12-31), which
-- is after the rating. Of a subject that nobody knows nothing can be said.
-- Uses of the text around it: rated, the ratings, joined with rated_services.
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

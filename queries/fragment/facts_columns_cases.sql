-- Columns of case_events as the fold reads them, a, with the part that a fact
-- plays in a conflict.
-- column: source_sys String = source system
-- column: case_no String = number of the case in that system
-- column: event_id String = identity of the fact in that system
-- column: revision UInt32 = revision of the fact; the highest stands
-- column: seq Int64 = the source's own order; 0 when it gives none
-- column: event_type String = kind of event
-- column: occurred_at DateTime64(3,'UTC') = when it happened, as the source claims
-- column: emitted_at DateTime64(3,'UTC') = when the source sent it; 1970-01-01 = not given
-- column: region_code String = division
-- column: org_code String = organisation
-- column: accept_org String = organisation that accepted
-- column: task_code String = service item
-- column: task_version String = version of the item
-- column: window_id String = window
-- column: staff_id String = member of staff
-- column: apply_channel String = channel of the application
-- column: activity String = name of the step in the source
-- column: lifecycle String = XES transition of the step
-- column: payload String = what belongs to this event, as JSON
-- column: content UInt64 = hash of what the source claims
-- column: topic String = topic of the delivery
-- column: partition UInt32 = its partition
-- column: offset UInt64 = its place there
-- column: received_at DateTime64(3,'UTC') = when the broker took it
-- column: lost UInt8 = 1 when another fact of the same identity and revision arrived before and stands
-- column: contested UInt8 = 1 when it stands against such another
source_sys, case_no, event_id, revision, seq, event_type, occurred_at, emitted_at, region_code, org_code, accept_org,
    task_code, task_version, window_id, staff_id, apply_channel, activity, lifecycle, payload, content,
    topic, partition, offset, received_at,
    ((partition, offset) IN (SELECT partition, offset FROM fact_conflicts FINAL WHERE topic = 'case-events' AND NOT stands)) AS lost,
    ((partition, offset) IN (SELECT partition, offset FROM fact_conflicts FINAL WHERE topic = 'case-events' AND stands)) AS contested

-- purpose: The content of case-events that lost against another delivery of their identity, as fields of a message.
-- grain: one row per delivery of a subject of which one lost
-- column: partition UInt32 = partition
-- column: offset UInt64 = offset
-- column: payload String = payload as it came; empty = none
-- column: fields String = JSON object of the other fields
-- Read by reject_conflicts, which says what lost.
SELECT partition, offset, payload,
    toJSONString(CAST(
        (event_id, revision, source_sys, case_no, seq, event_type, concat(formatDateTime(occurred_at, '%Y-%m-%dT%H:%i:%S'), '.',
        leftPad(toString(toUnixTimestamp64Milli(occurred_at) % 1000), 3, '0'), 'Z'), region_code, org_code, accept_org, task_code,
        task_version, window_id, staff_id, apply_channel, activity, lifecycle),
        'Tuple(event_id String, revision UInt32, source_sys String, case_no String, seq Int64, event_type String, event_time String, region_code String, org_code String, accept_org String, task_code String, task_version String, window_id String, staff_id String, apply_channel String, activity String, lifecycle String)')) AS fields
FROM case_events
WHERE (source_sys, case_no) IN (SELECT source_sys, subject FROM lost)

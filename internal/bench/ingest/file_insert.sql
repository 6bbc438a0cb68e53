INSERT INTO case_events
SELECT source_sys, case_no, event_id, revision, seq, event_type,
    parseDateTime64BestEffort(event_time, 3, 'UTC'), parseDateTime64BestEffort(emit_time, 3, 'UTC'),
    region_code, org_code, accept_org, task_code, task_version, window_id, staff_id, apply_channel, activity, lifecycle, payload,
    xxh3(case_no, event_type, event_time, payload) AS content, 'case-events', 0, rowNumberInAllBlocks(),
    toDateTime64('2026-03-01 00:00:00', 3, 'UTC'), toDateTime64('2026-03-01 00:00:00', 3, 'UTC'), bitNot(rowNumberInAllBlocks())
FROM file({path:String}, 'JSONEachRow', 'event_id String, revision UInt32, source_sys String, case_no String, seq Int64, event_type String,
    event_time String, emit_time String, region_code String, org_code String, accept_org String, task_code String, task_version String,
    window_id String, staff_id String, apply_channel String, activity String, lifecycle String, payload String')
SETTINGS input_format_json_read_objects_as_strings = 1

-- purpose: The content of satisfaction-ratings that lost against another delivery of their identity, as fields of a message.
-- grain: one row per delivery of a subject of which one lost
-- column: partition UInt32 = partition
-- column: offset UInt64 = offset
-- column: payload String = payload as it came; empty = none
-- column: fields String = JSON object of the other fields
-- Read by reject_conflicts, which says what lost.
SELECT partition, offset, payload,
    toJSONString(CAST(
        (rating_id, revision, source_sys, seq, concat(formatDateTime(rated_at, '%Y-%m-%dT%H:%i:%S'), '.',
        leftPad(toString(toUnixTimestamp64Milli(rated_at) % 1000), 3, '0'), 'Z'), level, is_default, follow_up, excluded,
        real_name, subject_sys, if(subject_kind = 'case', subject_no, ''), if(subject_kind = 'ticket', subject_no, ''), service_no,
        rater_token, region_code, org_code, task_code, window_id, staff_id, channel),
        'Tuple(rating_id String, revision UInt32, source_sys String, seq Int64, rated_at String, level UInt8, is_default Bool, follow_up Bool, excluded Bool, real_name Bool, subject_sys String, case_no String, ticket_no String, service_no String, rater_token String, region_code String, org_code String, task_code String, window_id String, staff_id String, channel String)')) AS fields
FROM ratings
WHERE (subject_kind, subject_no) IN (SELECT subject_kind, subject FROM lost)

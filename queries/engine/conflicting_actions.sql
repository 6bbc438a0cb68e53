-- purpose: The content of actions that lost against another delivery of their identity, as fields of a message.
-- grain: one row per delivery of a subject of which one lost
-- column: partition UInt32 = partition
-- column: offset UInt64 = offset
-- column: payload String = payload as it came; empty = none
-- column: fields String = JSON object of the other fields
-- Read by reject_conflicts, which says what lost.
SELECT partition, offset, payload,
    toJSONString(CAST(
        (event_id, revision, source_sys, subject_kind, subject_id, action, expected_seq, actor, role, org_code,
        concat(formatDateTime(occurred_at, '%Y-%m-%dT%H:%i:%S'), '.', leftPad(toString(toUnixTimestamp64Milli(occurred_at) % 1000),
        3, '0'), 'Z')),
        'Tuple(event_id String, revision UInt32, source_sys String, subject_kind String, subject_id String, action String, expected_seq UInt32, actor String, role String, org_code String, event_time String)')) AS fields
FROM actions
WHERE (subject_kind, subject_id) IN (SELECT subject_kind, subject FROM lost)

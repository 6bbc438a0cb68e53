-- purpose: The content of hotline-tickets that lost against another delivery of their identity, as fields of a message.
-- grain: one row per delivery of a subject of which one lost
-- column: partition UInt32 = partition
-- column: offset UInt64 = offset
-- column: payload String = payload as it came; empty = none
-- column: fields String = JSON object of the other fields
-- Read by reject_conflicts, which says what lost.
SELECT partition, offset, payload,
    toJSONString(CAST(
        (event_id, revision, source_sys, ticket_no, seq, event_type, concat(formatDateTime(occurred_at, '%Y-%m-%dT%H:%i:%S'), '.',
        leftPad(toString(toUnixTimestamp64Milli(occurred_at) % 1000), 3, '0'), 'Z'), region_code, org_code, channel, kind,
        called_number, ticket_topic, case_no, staff_id, activity, lifecycle),
        'Tuple(event_id String, revision UInt32, source_sys String, ticket_no String, seq Int64, event_type String, event_time String, region_code String, org_code String, channel String, kind String, called_number String, topic String, case_no String, staff_id String, activity String, lifecycle String)')) AS fields
FROM ticket_events
WHERE (source_sys, ticket_no) IN (SELECT source_sys, subject FROM lost)

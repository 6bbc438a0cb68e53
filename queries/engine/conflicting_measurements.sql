-- purpose: The content of measurements that lost against another delivery of their identity, as fields of a message.
-- grain: one row per delivery of a subject of which one lost
-- column: partition UInt32 = partition
-- column: offset UInt64 = offset
-- column: payload String = payload as it came; empty = none
-- column: fields String = JSON object of the other fields
-- Read by reject_conflicts, which says what lost.
SELECT partition, offset, payload,
    toJSONString(CAST(
        (event_id, revision, source_sys, name, org_code, region_code, concat(formatDateTime(period_from, '%Y-%m-%dT%H:%i:%S'), '.',
        leftPad(toString(toUnixTimestamp64Milli(period_from) % 1000), 3, '0'), 'Z'), concat(formatDateTime(period_to,
        '%Y-%m-%dT%H:%i:%S'), '.', leftPad(toString(toUnixTimestamp64Milli(period_to) % 1000), 3, '0'), 'Z'), `values`),
        'Tuple(event_id String, revision UInt32, source_sys String, name String, org_code String, region_code String, `from` String, `to` String, `values` Map(String, Float64))')) AS fields
FROM measurements
WHERE name IN (SELECT subject FROM lost)

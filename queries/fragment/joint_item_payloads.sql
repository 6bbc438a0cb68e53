-- The payload of each service item version that a sub-case of {{joint_subs}} names,
-- one row per version: of an event the highest revision and its first delivery, of
-- several events for one version the one that arrived last, as the fold takes it.
-- include: joint_subs
SELECT version.1 AS item_code, version.2 AS item_version, argMax(said, (at, position)) AS item_payload
FROM
(
    SELECT source_sys, event_id,
        argMax((task_code, task_version), (revision, -toUnixTimestamp64Milli(received_at), -toInt64(`offset`))) AS version,
        argMax(payload, (revision, -toUnixTimestamp64Milli(received_at), -toInt64(`offset`))) AS said,
        argMax(received_at, (revision, -toUnixTimestamp64Milli(received_at), -toInt64(`offset`))) AS at,
        argMax(`offset`, (revision, -toUnixTimestamp64Milli(received_at), -toInt64(`offset`))) AS position
    FROM items
    WHERE task_code IN (SELECT task_code FROM ({{joint_subs}}))
    GROUP BY source_sys, event_id
)
GROUP BY version

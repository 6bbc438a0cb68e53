-- purpose: Put the conflicting rewrites of case-events that a round found into the rejects, with their content as a message.
-- grain: one row per delivery that lost in this round
-- param: fold_version UInt64 = version of the round
-- param: at DateTime64(3,'UTC') = when the round found them
INSERT INTO ingest_rejects (topic, partition, `offset`, reason, field, detail, source_sys, key, raw, received_at, stored_at)
WITH
    lost AS
    (
        SELECT *
        FROM fact_conflicts FINAL
        WHERE topic = 'case-events' AND NOT stands AND fold_version = {fold_version:UInt64}
    ),
    texts AS
    (
        SELECT l.identity AS identity, l.content AS content, any(f.raw) AS raw
        FROM
        (
            SELECT partition, offset, concat(substring(fields, 1, length(fields) - 1), if(payload = '', '', concat(',"payload":', payload)), '}') AS raw
            FROM
            (
                SELECT partition, offset, payload,
                    toJSONString(CAST((event_id, revision, source_sys, case_no, seq, event_type, concat(formatDateTime(occurred_at, '%Y-%m-%dT%H:%i:%S'), '.', leftPad(toString(toUnixTimestamp64Milli(occurred_at) % 1000), 3, '0'), 'Z'), region_code, org_code, accept_org, task_code, task_version, window_id, staff_id, apply_channel, activity, lifecycle), 'Tuple(event_id String, revision UInt32, source_sys String, case_no String, seq Int64, event_type String, event_time String, region_code String, org_code String, accept_org String, task_code String, task_version String, window_id String, staff_id String, apply_channel String, activity String, lifecycle String)')) AS fields
                FROM case_events
                WHERE (source_sys, case_no) IN (SELECT source_sys, subject FROM lost)
            )
        ) AS f
        INNER JOIN lost AS l ON l.partition = f.partition AND l.offset = f.offset
        GROUP BY l.identity, l.content
    )
SELECT l.topic, l.partition, l.offset, 'conflicting_rewrite', '',
    'another message with the same identity and other content arrived first and stands; send a correction under a higher revision',
    l.source_sys, concat(l.source_sys, char(31), l.subject), t.raw, l.received_at, {at:DateTime64(3,'UTC')}
FROM lost AS l
LEFT JOIN texts AS t ON t.identity = l.identity AND t.content = l.content

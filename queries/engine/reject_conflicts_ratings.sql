-- purpose: Put the conflicting rewrites of satisfaction-ratings that a round found into the rejects, with their content as a message.
-- grain: one row per delivery that lost in this round
-- param: fold_version UInt64 = version of the round
-- param: at DateTime64(3,'UTC') = when the round found them
INSERT INTO ingest_rejects (topic, partition, `offset`, reason, field, detail, source_sys, key, raw, received_at, stored_at)
WITH
    lost AS
    (
        SELECT *
        FROM fact_conflicts FINAL
        WHERE topic = 'satisfaction-ratings' AND NOT stands AND fold_version = {fold_version:UInt64}
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
                    toJSONString(CAST((rating_id, revision, source_sys, seq, concat(formatDateTime(rated_at, '%Y-%m-%dT%H:%i:%S'), '.', leftPad(toString(toUnixTimestamp64Milli(rated_at) % 1000), 3, '0'), 'Z'), level, is_default, follow_up, excluded, real_name, subject_sys, if(subject_kind = 'case', subject_no, ''), if(subject_kind = 'ticket', subject_no, ''), service_no, rater_token, region_code, org_code, task_code, window_id, staff_id, channel), 'Tuple(rating_id String, revision UInt32, source_sys String, seq Int64, rated_at String, level UInt8, is_default Bool, follow_up Bool, excluded Bool, real_name Bool, subject_sys String, case_no String, ticket_no String, service_no String, rater_token String, region_code String, org_code String, task_code String, window_id String, staff_id String, channel String)')) AS fields
                FROM ratings
                WHERE (subject_kind, subject_no) IN (SELECT subject_kind, subject FROM lost)
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

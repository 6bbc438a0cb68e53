-- purpose: Put the conflicting rewrites of organisations that a round found into the rejects, with their content as a message.
-- grain: one row per delivery that lost in this round
-- param: fold_version UInt64 = version of the round
-- param: at DateTime64(3,'UTC') = when the round found them
INSERT INTO ingest_rejects (topic, partition, `offset`, reason, field, detail, source_sys, key, raw, received_at, stored_at)
WITH
    lost AS
    (
        SELECT *
        FROM fact_conflicts FINAL
        WHERE topic = 'organisations' AND NOT stands AND fold_version = {fold_version:UInt64}
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
                    toJSONString(CAST((event_id, revision, source_sys, org_code, name, name_en, parent_code, region_code, gov_level, org_line, rank_group, toString(valid_from), toString(valid_to)), 'Tuple(event_id String, revision UInt32, source_sys String, org_code String, name String, name_en String, parent_code String, region_code String, gov_level Int8, org_line String, rank_group String, valid_from String, valid_to Nullable(String))')) AS fields
                FROM organisations
                WHERE org_code IN (SELECT subject FROM lost)
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

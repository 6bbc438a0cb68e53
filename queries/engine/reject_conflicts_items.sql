-- purpose: Put the conflicting rewrites of service-items that a round found into the rejects, with their content as a message.
-- grain: one row per delivery that lost in this round
-- param: fold_version UInt64 = version of the round
-- param: at DateTime64(3,'UTC') = when the round found them
INSERT INTO ingest_rejects (topic, partition, `offset`, reason, field, detail, source_sys, key, raw, received_at, stored_at)
WITH
    lost AS
    (
        SELECT *
        FROM fact_conflicts FINAL
        WHERE topic = 'service-items' AND NOT stands AND fold_version = {fold_version:UInt64}
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
                    toJSONString(CAST((event_id, revision, source_sys, task_code, task_version, name, catalog_code, region_code, org_code, item_type, project_type, toString(valid_from), toString(valid_to), legal_days, legal_unit, promise_days, promise_unit, baseline_promise_days, online_depth, limit_visits, roll_forward, fee_pauses), 'Tuple(event_id String, revision UInt32, source_sys String, task_code String, task_version String, name String, catalog_code String, region_code String, org_code String, item_type String, project_type String, valid_from String, valid_to Nullable(String), legal_days Nullable(Int32), legal_unit String, promise_days Nullable(Int32), promise_unit String, baseline_promise_days Nullable(Int32), online_depth Nullable(Int32), limit_visits Nullable(Int32), roll_forward Bool, fee_pauses Bool)')) AS fields
                FROM items
                WHERE task_code IN (SELECT subject FROM lost)
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

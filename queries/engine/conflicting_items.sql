-- purpose: The content of service-items that lost against another delivery of their identity, as fields of a message.
-- grain: one row per delivery of a subject of which one lost
-- column: partition UInt32 = partition
-- column: offset UInt64 = offset
-- column: payload String = payload as it came; empty = none
-- column: fields String = JSON object of the other fields
-- Read by reject_conflicts, which says what lost.
SELECT partition, offset, payload,
    toJSONString(CAST(
        (event_id, revision, source_sys, task_code, task_version, name, catalog_code, region_code, org_code, item_type,
        project_type, toString(valid_from), toString(valid_to), legal_days, legal_unit, promise_days, promise_unit,
        baseline_promise_days, online_depth, limit_visits, roll_forward, fee_pauses),
        'Tuple(event_id String, revision UInt32, source_sys String, task_code String, task_version String, name String, catalog_code String, region_code String, org_code String, item_type String, project_type String, valid_from String, valid_to Nullable(String), legal_days Nullable(Int32), legal_unit String, promise_days Nullable(Int32), promise_unit String, baseline_promise_days Nullable(Int32), online_depth Nullable(Int32), limit_visits Nullable(Int32), roll_forward Bool, fee_pauses Bool)')) AS fields
FROM items
WHERE task_code IN (SELECT subject FROM lost)

-- purpose: Read the service items that were delivered below the given offsets.
-- grain: one row per version, event and revision; conflicting rewrites left out
-- param: partitions Array(UInt32) = partitions of the topic
-- param: untils Array(UInt64) = end of each, not included
-- column: valid_to Int32 = days since 1970-01-01; 0 = open
SELECT source_sys, task_code, task_version, event_id, revision, name, catalog_code, region_code, org_code, item_type, project_type,
    toInt32(valid_from) AS valid_from, ifNull(toInt32(valid_to), 0) AS valid_to,
    legal_days, legal_unit, promise_days, promise_unit, baseline_promise_days, online_depth, limit_visits,
    roll_forward, fee_pauses, content, partition, offset, received_at
FROM items FINAL
WHERE has({partitions:Array(UInt32)}, partition)
    AND offset < {untils:Array(UInt64)}[indexOf({partitions:Array(UInt32)}, partition)]
    AND (partition, offset) NOT IN (SELECT partition, offset FROM fact_conflicts FINAL WHERE topic = 'service-items' AND NOT stands)
ORDER BY task_code, task_version, source_sys, event_id, revision, content

-- purpose: Read the service items that were delivered below the given offsets.
-- grain: one row per version, event and revision; conflicting rewrites left out
-- param: partitions Array(UInt32) = partitions of the topic
-- param: untils Array(UInt64) = end of each, not included
-- column: source_sys String = source system
-- column: task_code String = service item; empty = none
-- column: task_version String = version of the service item
-- column: event_id String = identity of the fact
-- column: revision UInt32 = revision of the fact
-- column: name String = name of the item
-- column: catalog_code String = code in the catalogue; empty = none
-- column: region_code String = division; empty = none
-- column: org_code String = organisation; empty = nobody in particular
-- column: item_type String = type of the item
-- column: project_type String = type of the project
-- column: valid_from Int32 = first day, in days since 1970-01-01
-- column: valid_to Int32 = days since 1970-01-01; 0 = open
-- column: legal_days Nullable(Int32) = legal limit; null = none
-- column: legal_unit String = unit of the legal limit
-- column: promise_days Nullable(Int32) = promised limit; null = none
-- column: promise_unit String = unit of the promised limit
-- column: baseline_promise_days Nullable(Int32) = promised limit before reform; null = not known
-- column: online_depth Nullable(Int32) = depth of online service; null = not known
-- column: limit_visits Nullable(Int32) = most visits; null = not known
-- column: roll_forward Bool = a due on a day off moves to the next working day
-- column: fee_pauses Bool = the clock stands while a fee is not paid
-- column: payload String = who approved that it replaces what was told, of its payload; empty = nobody
-- column: content UInt64 = hash of the content
-- column: partition UInt32 = partition
-- column: offset UInt64 = offset of the delivery
-- column: received_at DateTime64(3,'UTC') = broker time of the fact
SELECT source_sys, task_code, task_version, event_id, revision, name, catalog_code, region_code, org_code, item_type, project_type,
    toInt32(valid_from) AS valid_from, ifNull(toInt32(valid_to), 0) AS valid_to,
    legal_days, legal_unit, promise_days, promise_unit, baseline_promise_days, online_depth, limit_visits,
    roll_forward, fee_pauses, if(JSONExtractString(payload, 'revision_approver') = '', '', toJSONString(map('revision_approver', JSONExtractString(payload, 'revision_approver')))) AS payload, content, partition, offset, received_at
FROM items FINAL
WHERE has({partitions:Array(UInt32)}, partition)
    AND offset < {untils:Array(UInt64)}[indexOf({partitions:Array(UInt32)}, partition)]
    AND (partition, offset) NOT IN (SELECT partition, offset FROM fact_conflicts FINAL WHERE topic = 'service-items' AND NOT stands)
ORDER BY task_code, task_version, source_sys, event_id, revision, content

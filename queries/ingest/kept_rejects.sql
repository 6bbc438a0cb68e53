-- purpose: Count the rejects that are kept of what the ledger has entered as rejected.
-- grain: one row per topic
-- param: topics Array(String) = topic of each partition whose end is given
-- param: partitions Array(UInt32) = the partition
-- param: ends Array(UInt64) = offset behind the last delivery to count
-- column: topic String = topic
-- column: kept UInt64 = rejects, those apart that contradict a fact
-- source: design principle 7
SELECT topic, count() AS kept
FROM ingest_rejects FINAL
WHERE reason != 'conflicting_rewrite'
    AND offset < arrayFirst((e, t, p) -> t = topic AND p = partition, {ends:Array(UInt64)}, {topics:Array(String)}, {partitions:Array(UInt32)})
GROUP BY topic
ORDER BY topic

-- purpose: Find up to where every message of a partition that the broker holds is in the ledger and old.
-- grain: one row per partition with such messages
-- param: before DateTime64(3,'UTC') = messages that arrived at or after it are not old
-- param: topics Array(String) = topic of each partition
-- param: partitions Array(UInt32) = the partition
-- param: begins Array(UInt64) = place of the first message that the broker still has, of each
-- column: topic String = topic
-- column: partition UInt32 = partition
-- column: until UInt64 = place behind the last old message
-- column: entered UInt64 = places from the first to it that are in the ledger
-- source: design principle 6
SELECT topic, partition, max(offset) + 1 AS until, uniqExact(offset) AS entered
FROM (SELECT toString(topic) AS topic, partition, offset, received_at FROM deliveries)
WHERE received_at < {before:DateTime64(3,'UTC')}
    AND arrayExists((t, p, b) -> t = topic AND p = partition AND offset >= b, {topics:Array(String)}, {partitions:Array(UInt32)}, {begins:Array(UInt64)})
GROUP BY topic, partition
ORDER BY topic, partition

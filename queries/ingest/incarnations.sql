-- purpose: Which topic of each name stands behind which places of the ledger.
-- grain: one row per topic, partition and incarnation
-- column: topic String = topic
-- column: partition UInt32 = partition
-- column: incarnation UInt32 = number of the topic among those of its name, from 0
-- column: base UInt64 = added to an offset at the broker to have its place in the ledger
-- column: topic_id String = the broker's identifier of the topic; empty = not told
-- column: seen_at DateTime64(3,'UTC') = when it was first read
-- source: design principle 6
SELECT i.topic AS topic, i.partition AS partition, i.incarnation AS incarnation, min(i.base) AS base,
    argMax(i.topic_id, i.seen_at) AS topic_id, min(i.seen_at) AS seen_at
FROM topic_incarnations AS i
GROUP BY i.topic, i.partition, i.incarnation
ORDER BY topic, partition, incarnation

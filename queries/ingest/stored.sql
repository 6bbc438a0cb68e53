-- purpose: Count the facts that the fact tables hold of what the ledger has entered.
-- grain: one row per topic
-- param: tables String = regular expression of the names of the tables of facts
-- param: topics Array(String) = topic of each partition whose end is given
-- param: partitions Array(UInt32) = the partition
-- param: ends Array(UInt64) = offset behind the last delivery to count
-- column: topic String = topic
-- column: stored UInt64 = facts in the table, redeliveries collapsed, contradicting rewrites included
-- source: design principle 6
SELECT toString(topic) AS topic, count() AS stored
FROM merge(currentDatabase(), {tables:String}) AS facts FINAL
WHERE offset < arrayFirst((e, t, p) -> t = toString(facts.topic) AND p = partition, {ends:Array(UInt64)}, {topics:Array(String)}, {partitions:Array(UInt32)})
GROUP BY topic

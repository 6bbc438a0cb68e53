-- purpose: Count the facts that the fact tables hold of what the ledger has entered.
-- grain: one row per topic
-- param: topics Array(String) = topic of each partition whose end is given
-- param: partitions Array(UInt32) = the partition
-- param: ends Array(UInt64) = offset behind the last delivery to count
-- column: topic String = topic
-- column: stored UInt64 = facts in the table, redeliveries collapsed, contradicting rewrites included
-- source: design principle 6
SELECT 'case-events' AS topic, count() AS stored
FROM case_events FINAL
WHERE offset < arrayFirst((e, t, p) -> t = 'case-events' AND p = partition, {ends:Array(UInt64)}, {topics:Array(String)}, {partitions:Array(UInt32)})
UNION ALL
SELECT 'hotline-tickets' AS topic, count() AS stored
FROM ticket_events FINAL
WHERE offset < arrayFirst((e, t, p) -> t = 'hotline-tickets' AND p = partition, {ends:Array(UInt64)}, {topics:Array(String)}, {partitions:Array(UInt32)})
UNION ALL
SELECT 'satisfaction-ratings' AS topic, count() AS stored
FROM ratings FINAL
WHERE offset < arrayFirst((e, t, p) -> t = 'satisfaction-ratings' AND p = partition, {ends:Array(UInt64)}, {topics:Array(String)}, {partitions:Array(UInt32)})
UNION ALL
SELECT 'service-items' AS topic, count() AS stored
FROM items FINAL
WHERE offset < arrayFirst((e, t, p) -> t = 'service-items' AND p = partition, {ends:Array(UInt64)}, {topics:Array(String)}, {partitions:Array(UInt32)})
UNION ALL
SELECT 'organisations' AS topic, count() AS stored
FROM organisations FINAL
WHERE offset < arrayFirst((e, t, p) -> t = 'organisations' AND p = partition, {ends:Array(UInt64)}, {topics:Array(String)}, {partitions:Array(UInt32)})
UNION ALL
SELECT 'actions' AS topic, count() AS stored
FROM actions FINAL
WHERE offset < arrayFirst((e, t, p) -> t = 'actions' AND p = partition, {ends:Array(UInt64)}, {topics:Array(String)}, {partitions:Array(UInt32)})
UNION ALL
SELECT 'measurements' AS topic, count() AS stored
FROM measurements FINAL
WHERE offset < arrayFirst((e, t, p) -> t = 'measurements' AND p = partition, {ends:Array(UInt64)}, {topics:Array(String)}, {partitions:Array(UInt32)})

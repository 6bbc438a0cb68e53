-- purpose: Count the different facts and the different identities that were delivered.
-- grain: one row per topic
-- param: topics Array(String) = topic of each partition whose end is given
-- param: partitions Array(UInt32) = the partition
-- param: ends Array(UInt64) = offset behind the last delivery to count
-- column: topic String = topic
-- column: facts UInt64 = different pairs of identity and content
-- column: identities UInt64 = different identities; facts - identities are rewrites that contradict a fact
-- source: design principle 6; domain guide 2.6
SELECT topic, uniqExact(identity, content) AS facts, uniqExact(identity) AS identities
FROM deliveries
WHERE outcome = 'fact' AND offset < arrayFirst((e, t, p) -> t = topic AND p = partition, {ends:Array(UInt64)}, {topics:Array(String)}, {partitions:Array(UInt32)})
GROUP BY topic
ORDER BY topic

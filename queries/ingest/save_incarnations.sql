-- purpose: Remember which topic is read under a name.
-- grain: one row per partition of the topic
-- param: topic String = the topic
-- param: partitions Array(UInt32) = its partitions
-- param: incarnations Array(UInt32) = number of each
-- param: bases Array(UInt64) = what is added to an offset of each to have its place
-- param: topic_id String = the broker's identifier of the topic
-- param: reason String = first, made_anew or rewound
-- param: at DateTime64(3,'UTC') = when it was seen
INSERT INTO topic_incarnations (topic, partition, incarnation, base, topic_id, reason, seen_at)
SELECT {topic:String}, p, i, b, {topic_id:String}, {reason:String}, {at:DateTime64(3,'UTC')}
FROM (SELECT {partitions:Array(UInt32)} AS ps, {incarnations:Array(UInt32)} AS ns, {bases:Array(UInt64)} AS bs)
ARRAY JOIN ps AS p, ns AS i, bs AS b

-- purpose: Remember how far the partitions of a topic are folded.
-- grain: one row per partition of the topic
-- param: topic String = the topic
-- param: partitions Array(UInt32) = its partitions
-- param: nexts Array(UInt64) = offset behind the last delivery folded, of each
-- param: received Array(DateTime64(3,'UTC')) = broker time of the latest delivery folded, of each
-- param: fold_version UInt64 = version of the round
-- param: at DateTime64(3,'UTC') = when the round ended
INSERT INTO fold_cursors (topic, partition, next_offset, fold_version, folded_at, received_at)
SELECT {topic:String}, p, n, {fold_version:UInt64}, {at:DateTime64(3,'UTC')}, r
FROM (SELECT {partitions:Array(UInt32)} AS ps, {nexts:Array(UInt64)} AS ns, {received:Array(DateTime64(3,'UTC'))} AS rs)
ARRAY JOIN ps AS p, ns AS n, rs AS r

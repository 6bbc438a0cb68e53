-- Condition on deliveries: one topic, of each partition the offsets asked for.
-- The first line lets the primary index skip what lies outside.
-- param: topic String = topic of the range
-- param: partitions Array(UInt32) = partitions of the range
-- param: froms Array(UInt64) = first offset of each
-- param: untils Array(UInt64) = end of each, not included
-- param: from_offset UInt64 = least of froms
-- param: until_offset UInt64 = greatest of untils
topic = {topic:String} AND offset >= {from_offset:UInt64} AND offset < {until_offset:UInt64}
    AND has({partitions:Array(UInt32)}, partition)
    AND offset >= {froms:Array(UInt64)}[indexOf({partitions:Array(UInt32)}, partition)]
    AND offset < {untils:Array(UInt64)}[indexOf({partitions:Array(UInt32)}, partition)]

-- purpose: Cut what is not folded yet at an arrival, when an engine did not work for a long time.
-- grain: one row per topic and partition asked for
-- param: topics Array(String) = topic of each partition
-- param: partitions Array(UInt32) = partitions
-- param: froms Array(UInt64) = first offset of each that is not folded
-- param: until DateTime64(3,'UTC') = arrival up to which is folded; when nothing arrived by then, up to just before the first arrival
-- column: topic String = topic
-- column: partition UInt32 = partition
-- column: from_offset UInt64 = first offset that is not folded
-- column: until_offset UInt64 = end of what is folded now, not included; from_offset when nothing is
-- column: received_at DateTime64(3,'UTC') = latest arrival in between; 1970-01-01 when there is none
-- column: known_at DateTime64(3,'UTC') = arrival up to which is folded, the same in all rows
WITH ahead AS
(
    SELECT topic, partition, offset, received_at, {froms:Array(UInt64)}[indexOf(arrayZip({topics:Array(String)}, {partitions:Array(UInt32)}), (toString(topic), partition))] AS from_offset
    FROM deliveries
    WHERE (topic, partition) IN (SELECT arrayJoin(arrayZip({topics:Array(String)}, {partitions:Array(UInt32)})))
        AND offset >= from_offset AND offset >= arrayMin({froms:Array(UInt64)})
),
(SELECT greatest({until:DateTime64(3,'UTC')}, subtractMilliseconds(min(received_at), 1)) FROM ahead) AS known
-- Offsets stay in order: a partition ends at the first message that arrived later.
SELECT topic, partition, any(from_offset) AS from_offset, least(any(cut), max(offset) + 1) AS until_offset, maxIf(received_at, offset < cut) AS received_at, assumeNotNull(known) AS known_at
FROM
(
    SELECT topic, partition, offset, received_at, from_offset,
        if(countIf(received_at > known) OVER one = 0, 18446744073709551615, minIf(offset, received_at > known) OVER one) AS cut
    FROM ahead
    WINDOW one AS (PARTITION BY topic, partition)
)
GROUP BY topic, partition

-- purpose: Find the places that the ledger does not hold although it holds later ones.
-- grain: one row per hole
-- column: topic String = topic
-- column: partition UInt32 = partition
-- column: from_offset UInt64 = first place of the hole; that of the first message of the topic when nothing lies before it
-- column: until_offset UInt64 = place behind it
-- column: first Bool = nothing of this topic lies before it
-- column: before_at DateTime64(3,'UTC') = broker time of the message before it; 1970-01-01 = none
-- source: design principle 6
SELECT topic, partition, if(first, base, previous + 1) AS from_offset, offset AS until_offset, first, before_at
FROM
(
    SELECT
        topic, partition, base, offset,
        toBool(row_number() OVER (PARTITION BY topic, partition, base ORDER BY offset) = 1) AS first,
        lagInFrame(offset, 1, offset) OVER (PARTITION BY topic, partition, base ORDER BY offset ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS previous,
        lagInFrame(received_at, 1, toDateTime64(0, 3, 'UTC')) OVER (PARTITION BY topic, partition, base ORDER BY offset ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS before_at
    FROM
    (
        SELECT d.topic AS topic, d.partition AS partition, i.base AS base, d.offset AS offset, max(d.received_at) AS received_at
        FROM (SELECT topic, partition, offset, received_at FROM deliveries) AS d
        ASOF LEFT JOIN topic_incarnations AS i ON i.topic = d.topic AND i.partition = d.partition AND d.offset >= i.base
        GROUP BY topic, partition, base, offset
    )
)
WHERE if(first, offset > base, offset > previous + 1)
ORDER BY topic, partition, from_offset

-- purpose: Find what the ledger says was stored and the tables do not hold: places of messages whose fact (under no
--    place it was delivered at) or reject is gone, in ranges.
-- grain: one row per partition, readability and range; ranges closer than join_gap are one
-- param: topic String = the topic
-- param: table Identifier = table of its facts
-- param: partitions Array(UInt32) = partitions that the broker has
-- param: begins Array(UInt64) = place of the first message that the broker still has, of each
-- param: join_gap UInt64 = ranges with at most so many places between them are joined
-- column: partition UInt32 = partition
-- column: from_offset UInt64 = first place
-- column: until_offset UInt64 = place behind the last
-- column: readable Bool = the broker still has a message with it; then only its places are listed, else its first
-- column: facts UInt64 = facts and rejects of the range that are not stored
-- column: first_at DateTime64(3,'UTC') = broker time of the earliest
-- column: last_at DateTime64(3,'UTC') = broker time of the latest
-- source: design principle 6
WITH
    places AS
    (
        SELECT partition, offset, 'fact' AS outcome FROM {table:Identifier}
        UNION ALL SELECT partition, offset, 'rejected' AS outcome FROM ingest_rejects WHERE topic = {topic:String}
    ),
    entered AS
    (
        SELECT partition, offset, toString(outcome) AS outcome, identity,
            if(outcome = 'fact', content, cityHash64(partition, offset)) AS content, received_at
        FROM deliveries
        WHERE topic = {topic:String} AND outcome != 'skipped'
    ),
    doubtful AS (SELECT identity, content FROM entered WHERE (partition, offset, outcome) NOT IN (SELECT partition, offset, outcome FROM places)),
    again AS (SELECT partition, offset, outcome, identity, content, received_at FROM entered WHERE (identity, content) IN (SELECT identity, content FROM doubtful)),
    kept AS (SELECT identity, content FROM again WHERE (partition, offset, outcome) IN (SELECT partition, offset, outcome FROM places))
SELECT
    partition, readable, min(offset) AS from_offset, max(offset) + 1 AS until_offset, uniqExact(identity, content) AS facts,
    min(received_at) AS first_at, max(received_at) AS last_at
FROM
(
    SELECT
        partition, readable, offset, identity, content, received_at,
        sum(offset > previous + {join_gap:UInt64}) OVER (PARTITION BY partition, readable ORDER BY offset ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS range_no
    FROM
    (
        SELECT
            partition, readable, offset, identity, content, received_at,
            lagInFrame(offset, 1, offset) OVER (PARTITION BY partition, readable ORDER BY offset ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS previous
        FROM
        (
            SELECT
                partition, offset, identity, content, received_at, held,
                toBool(max(held) OVER (PARTITION BY identity, content)) AS readable,
                (partition, offset) = min((partition, offset)) OVER (PARTITION BY identity, content) AS first
            FROM
            (
                SELECT
                    partition, offset, identity, content, received_at,
                    has({partitions:Array(UInt32)}, partition) AND offset >= {begins:Array(UInt64)}[indexOf({partitions:Array(UInt32)}, partition)] AS held
                FROM again
                WHERE (identity, content) NOT IN (SELECT identity, content FROM kept)
            )
        )
        WHERE if(readable, held, first)
    )
)
GROUP BY partition, readable, range_no
ORDER BY partition, readable, from_offset

-- purpose: Say how far the data reach: what every page shows beside its figures.
-- grain: one row
-- column: stored_at Nullable(DateTime64(3,'UTC')) = when the last batch was handed to the database (data watermark); null = nothing came yet
-- column: received_at Nullable(DateTime64(3,'UTC')) = broker time of the last message
-- column: folded_at Nullable(DateTime64(3,'UTC')) = when the states were last brought up to date; null = never
-- column: unfolded UInt64 = messages that the states do not hold yet
-- column: calendar_version String = calendar that the states were folded with; several are joined by a comma
-- source: design section 6
-- The ends of the partitions are a projection (0018); messages are only counted where a partition goes on
-- after what is folded, and from there.
WITH
    ends AS
    (
        SELECT topic, partition, max(`offset`) AS last_offset, max(received_at) AS received, max(stored_at) AS stored FROM deliveries GROUP BY topic, partition
    ),
    ahead AS
    (
        SELECT e.topic AS topic, e.partition AS partition, c.next_offset AS next_offset
        FROM ends AS e
        LEFT JOIN (SELECT topic, partition, argMax(next_offset, fold_version) AS next_offset FROM fold_cursors GROUP BY topic, partition) AS c
            ON c.topic = e.topic AND c.partition = e.partition
        WHERE e.last_offset >= c.next_offset
    )
SELECT
    (SELECT maxOrNull(stored) FROM ends) AS stored_at,
    (SELECT maxOrNull(received) FROM ends) AS received_at,
    (SELECT maxOrNull(folded_at) FROM fold_cursors) AS folded_at,
    assumeNotNull((
        SELECT uniqExact(d.topic, d.partition, d.`offset`)
        FROM deliveries AS d
        INNER JOIN ahead AS a ON a.topic = d.topic AND a.partition = d.partition
        WHERE (d.topic, d.partition) IN (SELECT topic, partition FROM ahead) AND d.`offset` >= (SELECT min(next_offset) FROM ahead) AND d.`offset` >= a.next_offset
    )) AS unfolded,
    assumeNotNull((SELECT arrayStringConcat(arraySort(groupUniqArray(3)(calendar_version)), ', ') FROM cases)) AS calendar_version

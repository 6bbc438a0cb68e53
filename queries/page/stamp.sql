-- purpose: Say how far the data reach: what every page shows beside its figures.
-- grain: one row
-- column: stored_at Nullable(DateTime64(3,'UTC')) = when the last batch was handed to the database (data watermark); null = nothing came yet
-- column: received_at Nullable(DateTime64(3,'UTC')) = broker time of the last message
-- column: folded_at Nullable(DateTime64(3,'UTC')) = when the states were last brought up to date; null = never
-- column: messages UInt64 = messages in the ledger
-- column: unfolded UInt64 = messages that the states do not hold yet
-- column: calendar_version String = calendar that the states were folded with; several are joined by a comma
-- source: design section 6
SELECT
    maxOrNull(l.stored_at) AS stored_at,
    maxOrNull(l.received_at) AS received_at,
    (SELECT maxOrNull(folded_at) FROM fold_cursors) AS folded_at,
    sum(l.messages) AS messages,
    sum(l.unfolded) AS unfolded,
    (SELECT arrayStringConcat(arraySort(groupUniqArray(3)(calendar_version)), ', ') FROM cases) AS calendar_version
FROM
(
    SELECT
        d.topic AS topic,
        d.partition AS partition,
        max(d.stored_at) AS stored_at,
        max(d.received_at) AS received_at,
        uniqExact(d.offset) AS messages,
        uniqExactIf(d.offset, d.offset >= c.next_offset) AS unfolded
    FROM deliveries AS d
    LEFT JOIN
    (
        SELECT topic, partition, argMax(next_offset, fold_version) AS next_offset
        FROM fold_cursors
        GROUP BY topic, partition
    ) AS c ON c.topic = d.topic AND c.partition = d.partition
    GROUP BY d.topic, d.partition
) AS l

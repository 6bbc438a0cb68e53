-- purpose: How far each partition of each topic is stored and folded.
-- grain: one row per topic and partition
-- column: stored_through UInt64 = highest offset in the ledger
-- column: folded_below Nullable(UInt64) = every message below this offset is in the states; null = topic not folded yet
-- column: unfolded UInt64 = messages stored and not folded yet
-- source: design section 4
SELECT
    d.topic AS topic, d.partition AS partition, d.messages AS messages, d.stored_through AS stored_through,
    c.next_offset AS folded_below, d.unfolded AS unfolded, d.received_at AS received_at, d.stored_at AS stored_at, c.folded_at AS folded_at
FROM
(
    SELECT
        l.topic AS topic, l.partition AS partition, uniqExact(l.offset) AS messages, max(l.offset) AS stored_through,
        uniqExactIf(l.offset, l.offset >= f.next_offset) AS unfolded, max(l.received_at) AS received_at, max(l.stored_at) AS stored_at
    FROM deliveries AS l
    LEFT JOIN (SELECT topic, partition, argMax(next_offset, fold_version) AS next_offset FROM fold_cursors GROUP BY topic, partition) AS f
        ON f.topic = l.topic AND f.partition = l.partition
    GROUP BY l.topic, l.partition
) AS d
LEFT JOIN
(
    SELECT topic, partition, toNullable(argMax(next_offset, fold_version)) AS next_offset, maxOrNull(folded_at) AS folded_at
    FROM fold_cursors
    GROUP BY topic, partition
) AS c ON c.topic = d.topic AND c.partition = d.partition
ORDER BY topic, partition

-- purpose: Messages that never reached the figures of a period, as the broker no longer had them.
-- grain: one row per topic; none when nothing is lost
-- param: from DateTime64(3,'UTC') = begin of the period; 1970-01-01 = from ever
-- param: until DateTime64(3,'UTC') = end of the period
-- column: topic String = topic
-- column: messages UInt64 = how many (at most)
-- column: unknown UInt64 = losses of which nobody knows how many messages
-- column: first_at DateTime64(3,'UTC') = they arrived after this; 1970-01-01 = not known
-- column: last_at DateTime64(3,'UTC') = and before this
-- source: design principle 6
SELECT topic, sum(l.messages) AS messages, countIf(l.kind IN ('made_anew', 'rewound')) AS unknown, min(l.before_at) AS first_at, max(l.noticed_at) AS last_at
FROM
(
    SELECT topic, partition, from_offset, until_offset, kind, max(ingest_losses.messages) AS messages,
        min(ingest_losses.before_at) AS before_at, min(ingest_losses.noticed_at) AS noticed_at
    FROM ingest_losses
    GROUP BY topic, partition, from_offset, until_offset, kind
) AS l
WHERE l.before_at < {until:DateTime64(3,'UTC')} AND l.noticed_at >= {from:DateTime64(3,'UTC')}
GROUP BY topic
ORDER BY topic

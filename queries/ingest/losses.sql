-- purpose: List what the broker no longer had when it was to be read, and who has taken note of it.
-- grain: one row per range of places
-- column: topic String = topic
-- column: partition UInt32 = partition
-- column: from_offset UInt64 = first place
-- column: until_offset UInt64 = place behind the last
-- column: acknowledged_at DateTime64(3,'UTC') = when, of the latest
-- column: kind String = unread, stored, made_anew or rewound
-- column: messages UInt64 = messages (at most) or, of kind stored, facts
-- column: before_at DateTime64(3,'UTC') = arrival of the last message known before; 1970-01-01 = none
-- column: noticed_at DateTime64(3,'UTC') = when it was noticed
-- column: base UInt64 = place minus offset at the broker
-- column: acknowledged Bool = somebody took note
-- column: acknowledged_by String = who, of the latest
-- column: reason String = why, of the latest
-- source: design principle 6
SELECT
    l.topic AS topic, l.partition AS partition, l.from_offset AS from_offset, l.until_offset AS until_offset, l.kind AS kind,
    l.messages AS messages, l.before_at AS before_at, l.noticed_at AS noticed_at, i.base AS base,
    toBool(a.at > toDateTime64(0, 3, 'UTC')) AS acknowledged, a.at AS acknowledged_at, a.who AS acknowledged_by, a.why AS reason
FROM
(
    SELECT topic, partition, from_offset, until_offset, kind, max(messages) AS messages, min(before_at) AS before_at, min(noticed_at) AS noticed_at
    FROM ingest_losses
    GROUP BY topic, partition, from_offset, until_offset, kind
) AS l
LEFT JOIN
(
    SELECT topic, partition, from_offset, until_offset, kind, max(acknowledged_at) AS at,
        argMax(acknowledged_by, acknowledged_at) AS who, argMax(loss_acknowledgements.reason, acknowledged_at) AS why
    FROM loss_acknowledgements
    GROUP BY topic, partition, from_offset, until_offset, kind
) AS a USING (topic, partition, from_offset, until_offset, kind)
ASOF LEFT JOIN topic_incarnations AS i ON i.topic = l.topic AND i.partition = l.partition AND l.from_offset >= i.base
ORDER BY noticed_at, topic, partition, from_offset

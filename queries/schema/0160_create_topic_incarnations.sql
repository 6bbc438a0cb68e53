-- Which topic of a name was read: one that was deleted and made anew begins again
-- at offset 0, and its places in the ledger go on behind those of the one before:
-- place (column offset of all tables) = offset at the broker + base.
CREATE TABLE IF NOT EXISTS topic_incarnations
(
    topic LowCardinality(String),
    partition UInt32,
    incarnation UInt32 COMMENT '0 = the first that was read',
    base UInt64,
    topic_id String COMMENT 'the broker''s identifier of the topic; empty = not told',
    reason LowCardinality(String) COMMENT 'first, made_anew (another identifier) or rewound (ends before what was read)',
    seen_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(seen_at)
ORDER BY (topic, partition, incarnation, base)

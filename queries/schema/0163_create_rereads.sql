-- Ranges of places that are to be read from the broker once more, as the database
-- lost what they brought: asked, then read and stored, then folded.
CREATE TABLE IF NOT EXISTS rereads
(
    topic LowCardinality(String),
    partition UInt32,
    from_offset UInt64,
    until_offset UInt64,
    asked_at DateTime64(3, 'UTC'),
    reason LowCardinality(String) COMMENT 'facts_lost, ledger_hole, ledger_short or asked',
    read_at Nullable(DateTime64(3, 'UTC')),
    folded_at Nullable(DateTime64(3, 'UTC')),
    step UInt8 COMMENT '0 = asked, 1 = read, 2 = folded'
)
ENGINE = ReplacingMergeTree(step)
ORDER BY (topic, partition, from_offset, until_offset, asked_at)

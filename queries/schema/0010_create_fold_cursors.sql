-- How far the engine has folded each partition of the delivery ledger.
CREATE TABLE IF NOT EXISTS fold_cursors
(
    topic LowCardinality(String),
    partition UInt32,
    next_offset UInt64 COMMENT 'every delivery below this offset is in the states',
    fold_version UInt64,
    folded_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(fold_version)
ORDER BY (topic, partition)

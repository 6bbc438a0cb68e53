-- Deliveries whose identity came with more than one content. The content that
-- arrived first stands; every other delivery is ignored by all readers of facts.
CREATE TABLE IF NOT EXISTS fact_conflicts
(
    topic LowCardinality(String),
    partition UInt32,
    `offset` UInt64,
    source_sys LowCardinality(String),
    subject_kind LowCardinality(String),
    subject String,
    identity UInt128,
    content UInt64,
    stands Bool COMMENT 'has the content that arrived first',
    received_at DateTime64(3, 'UTC'),
    fold_version UInt64
)
ENGINE = ReplacingMergeTree(fold_version)
ORDER BY (topic, partition, `offset`)

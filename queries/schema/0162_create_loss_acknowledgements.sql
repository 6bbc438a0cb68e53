-- Who has taken note of a loss, when and with what reason; append-only.
CREATE TABLE IF NOT EXISTS loss_acknowledgements
(
    topic LowCardinality(String),
    partition UInt32,
    from_offset UInt64,
    until_offset UInt64,
    kind LowCardinality(String),
    acknowledged_at DateTime64(3, 'UTC'),
    acknowledged_by String,
    reason String
)
ENGINE = MergeTree
ORDER BY (topic, partition, from_offset, until_offset, kind, acknowledged_at)

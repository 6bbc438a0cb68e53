-- The health of every rule: its last evaluation.
CREATE TABLE IF NOT EXISTS rule_runs
(
    rule_id LowCardinality(String),
    fold_version UInt64,
    rule_version UInt16,
    evaluated_at DateTime64(3, 'UTC'),
    watermark DateTime64(3, 'UTC'),
    took_s Float64,
    chains UInt64 COMMENT 'chains written by it',
    error String COMMENT 'empty = none'
)
ENGINE = ReplacingMergeTree(fold_version)
ORDER BY rule_id

-- The history of every work item; as alert_events.
CREATE TABLE IF NOT EXISTS work_events
(
    kind LowCardinality(String),
    id String,
    seq UInt32,
    fold_version UInt64,
    event LowCardinality(String),
    state LowCardinality(String) COMMENT 'after it',
    effective_at DateTime64(3, 'UTC'),
    recorded_at DateTime64(3, 'UTC'),
    actor LowCardinality(String) COMMENT 'user id; empty = the system',
    role LowCardinality(String),
    reason LowCardinality(String),
    action_id String,
    payload String
)
ENGINE = ReplacingMergeTree(fold_version)
ORDER BY (kind, id, seq)

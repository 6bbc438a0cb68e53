-- When to look at a chain again: one row per step that lay in the future when it
-- was evaluated. A stale row does no harm.
CREATE TABLE IF NOT EXISTS alert_timers
(
    wake_at DateTime64(3, 'UTC'),
    alert_id String,
    subject_kind LowCardinality(String),
    source_sys LowCardinality(String),
    subject_no String,
    rule_id LowCardinality(String),
    rule_version UInt16,
    clock_no String
)
ENGINE = ReplacingMergeTree
ORDER BY (wake_at, alert_id)

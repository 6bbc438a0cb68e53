-- The history of every alert: who, when, what, why. Append-only; seq counts from 1
-- and is given by the holder of the lease alone.
CREATE TABLE IF NOT EXISTS alert_events
(
    alert_id String,
    seq UInt32,
    fold_version UInt64,
    event LowCardinality(String) COMMENT 'raised, upgraded, cleared, cancelled, review, or the action of a person',
    state LowCardinality(String) COMMENT 'alert_state after it',
    severity LowCardinality(String) COMMENT 'severity after it',
    effective_at DateTime64(3, 'UTC') COMMENT 'instant of the step, or when the person acted',
    recorded_at DateTime64(3, 'UTC'),
    actor LowCardinality(String) COMMENT 'user id; empty = the system',
    role LowCardinality(String),
    reason LowCardinality(String) COMMENT 'late_data, rule_changed, outage, holiday_error …; empty = none',
    action_id String COMMENT 'event_id of the action; empty for the system',
    payload String COMMENT 'JSON of the action'
)
ENGINE = ReplacingMergeTree(fold_version)
ORDER BY (alert_id, seq)

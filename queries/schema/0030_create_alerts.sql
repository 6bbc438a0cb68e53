-- The state of every alert that was ever announced: the fold of its alert_events.
CREATE TABLE IF NOT EXISTS alerts
(
    alert_id String,
    fold_version UInt64,
    seq UInt32 COMMENT 'of its last event; what an action must expect',
    rule_id LowCardinality(String),
    rule_version UInt16,
    category LowCardinality(String),
    chain LowCardinality(String),
    subject_kind LowCardinality(String),
    source_sys LowCardinality(String),
    subject_no String,
    clock_no String,
    org_code LowCardinality(String),
    region_code LowCardinality(String),
    task_code LowCardinality(String),
    window_id LowCardinality(String),
    staff_id LowCardinality(String),
    state LowCardinality(String) COMMENT 'pending, issued, acked, fed_back, appealed, upheld, escalated, revoked, cancelled, closed, review',
    severity LowCardinality(String) COMMENT 'highest that was announced and stands',
    active Bool COMMENT 'the condition still holds',
    points Float64 COMMENT 'deduction of that severity by the rule',
    notify LowCardinality(String),
    raised_at DateTime64(3, 'UTC') COMMENT 'instant of the first step',
    severity_at DateTime64(3, 'UTC') COMMENT 'instant of the step that gave the severity',
    due_at Nullable(DateTime64(3, 'UTC')),
    feedback_due Nullable(DateTime64(3, 'UTC')) COMMENT 'end of the fifth working day after the card was announced; null for notices and warnings',
    appeal_until Nullable(DateTime64(3, 'UTC')) COMMENT 'end of the third working day after it; null where no appeal is possible',
    recorded_at DateTime64(3, 'UTC') COMMENT 'when it was first announced',
    closed_at Nullable(DateTime64(3, 'UTC')) COMMENT 'revoked, cancelled or closed',
    assignee LowCardinality(String),
    evidence Map(LowCardinality(String), String),
    updated_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(fold_version)
ORDER BY alert_id

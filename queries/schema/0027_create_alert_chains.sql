-- What a rule says about one clock instance of one subject: from which instant on
-- which severity holds, instants to come included. A pure function of the facts.
CREATE TABLE IF NOT EXISTS alert_chains
(
    subject_kind LowCardinality(String),
    source_sys LowCardinality(String),
    subject_no String,
    rule_id LowCardinality(String),
    rule_version UInt16,
    clock_no String COMMENT 'which of several instances; empty = the only one',
    fold_version UInt64,
    gone Bool COMMENT 'the rule no longer says anything here: later facts took it back',
    alert_id String COMMENT 'lower(hex(sipHash128(rule_id, rule_version, subject_kind, source_sys, subject_no, clock_no)))',
    chain LowCardinality(String) COMMENT 'alerts of a subject with the same chain are one, the highest severity counts',
    org_code LowCardinality(String),
    region_code LowCardinality(String),
    task_code LowCardinality(String),
    window_id LowCardinality(String),
    staff_id LowCardinality(String),
    step_at Array(DateTime64(3, 'UTC')) COMMENT 'ascending',
    step_severity Array(LowCardinality(String)) COMMENT 'notice, warning, yellow, red; empty = over',
    due_at Nullable(DateTime64(3, 'UTC')) COMMENT 'the deadline that it is about',
    evidence Map(LowCardinality(String), String),
    evaluated_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(fold_version)
ORDER BY (subject_kind, source_sys, subject_no, rule_id, rule_version, clock_no)

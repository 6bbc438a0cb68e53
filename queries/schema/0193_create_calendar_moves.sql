-- What a version of the calendar was said to move, each time that it was asked before it counts: one row per due and alert, and one more per asking, so that an answer of nothing is one too.
CREATE TABLE IF NOT EXISTS calendar_moves
(
    version String COMMENT 'version of the calendar',
    asked_at DateTime64(3, 'UTC'),
    what LowCardinality(String) COMMENT 'due, due_before, appears, vanishes or severity; asked = the asking itself',
    rule_or_clock LowCardinality(String),
    subject_kind LowCardinality(String),
    source_sys LowCardinality(String),
    subject_no String,
    clock_no String,
    org_code LowCardinality(String),
    was String COMMENT 'due in Asia/Shanghai, or severity, before; empty = none',
    `is` String COMMENT 'the same after it'
)
ENGINE = ReplacingMergeTree
ORDER BY (version, asked_at, what, rule_or_clock, source_sys, subject_kind, subject_no, clock_no)

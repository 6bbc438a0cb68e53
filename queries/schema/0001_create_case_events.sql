-- One row per fact about a case; redeliveries collapse to the first arrival.
CREATE TABLE IF NOT EXISTS case_events
(
    source_sys LowCardinality(String),
    case_no String,
    event_id String,
    revision UInt32,
    seq Int64,
    event_type LowCardinality(String),
    occurred_at DateTime64(3, 'UTC') COMMENT 'the source''s claim; the legal moment',
    emitted_at DateTime64(3, 'UTC') COMMENT '1970-01-01 = not given',
    region_code LowCardinality(String),
    org_code LowCardinality(String),
    accept_org LowCardinality(String),
    task_code LowCardinality(String),
    task_version LowCardinality(String),
    window_id LowCardinality(String),
    staff_id LowCardinality(String),
    apply_channel LowCardinality(String),
    activity LowCardinality(String),
    lifecycle LowCardinality(String),
    payload String,
    content UInt64 COMMENT 'hash of what the source claims',
    topic LowCardinality(String),
    partition UInt32,
    `offset` UInt64,
    received_at DateTime64(3, 'UTC') COMMENT 'broker append time',
    stored_at DateTime64(3, 'UTC') COMMENT 'when the batch was handed to ClickHouse',
    precedence UInt64 COMMENT 'larger = arrived earlier; the first delivery of a fact is the one kept'
)
ENGINE = ReplacingMergeTree(precedence)
ORDER BY (source_sys, case_no, event_id, revision, content)

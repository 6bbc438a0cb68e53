-- One row per satisfaction rating; redeliveries collapse to the first arrival.
CREATE TABLE IF NOT EXISTS ratings
(
    source_sys LowCardinality(String),
    subject_kind LowCardinality(String) COMMENT 'case, ticket or none',
    subject_sys LowCardinality(String),
    subject_no String,
    rating_id String,
    revision UInt32,
    seq Int64,
    rated_at DateTime64(3, 'UTC'),
    served_at DateTime64(3, 'UTC') COMMENT '1970-01-01 = not given',
    emitted_at DateTime64(3, 'UTC') COMMENT '1970-01-01 = not given',
    level UInt8 COMMENT '1 very dissatisfied to 5 very satisfied',
    is_default Bool,
    follow_up Bool,
    excluded Bool,
    real_name Bool,
    service_no LowCardinality(String),
    rater_token String,
    region_code LowCardinality(String),
    org_code LowCardinality(String),
    task_code LowCardinality(String),
    window_id LowCardinality(String),
    staff_id LowCardinality(String),
    channel LowCardinality(String),
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
ORDER BY (subject_kind, subject_sys, subject_no, source_sys, rating_id, revision, content)

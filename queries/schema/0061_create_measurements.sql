-- One row per measurement of another system; redeliveries collapse to the first arrival.
CREATE TABLE IF NOT EXISTS measurements
(
    source_sys LowCardinality(String),
    event_id String,
    revision UInt32 COMMENT 'the highest of an event_id is in force',
    name LowCardinality(String) COMMENT 'what was counted: hotline_calls, targets …',
    org_code LowCardinality(String),
    region_code LowCardinality(String),
    period_from DateTime64(3, 'UTC') COMMENT 'first instant of the period',
    period_to DateTime64(3, 'UTC') COMMENT 'first instant behind it',
    emitted_at DateTime64(3, 'UTC') COMMENT '1970-01-01 = not given',
    `values` Map(LowCardinality(String), Float64),
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
ORDER BY (name, org_code, region_code, period_from, source_sys, event_id, revision, content)

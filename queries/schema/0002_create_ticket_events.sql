-- One row per fact about a hotline ticket; redeliveries collapse to the first arrival.
CREATE TABLE IF NOT EXISTS ticket_events
(
    source_sys LowCardinality(String),
    ticket_no String,
    event_id String,
    revision UInt32,
    seq Int64,
    event_type LowCardinality(String),
    occurred_at DateTime64(3, 'UTC') COMMENT 'the source''s claim; the legal moment',
    emitted_at DateTime64(3, 'UTC') COMMENT '1970-01-01 = not given',
    region_code LowCardinality(String),
    org_code LowCardinality(String),
    channel LowCardinality(String),
    kind LowCardinality(String) COMMENT 'ticket_type of domain guide 1.3',
    called_number LowCardinality(String),
    ticket_topic LowCardinality(String),
    case_no String,
    staff_id LowCardinality(String),
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
ORDER BY (source_sys, ticket_no, event_id, revision, content)

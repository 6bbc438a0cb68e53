-- One row per action of a person; redeliveries collapse to the first arrival.
CREATE TABLE IF NOT EXISTS actions
(
    source_sys LowCardinality(String),
    event_id String,
    revision UInt32 COMMENT 'always 0',
    subject_kind LowCardinality(String) COMMENT 'alert, order, rating, exposure, referral or notice',
    subject_id String,
    action LowCardinality(String),
    expected_seq UInt32 COMMENT 'last event of the subject that the person saw; 0 = it does not exist yet',
    actor LowCardinality(String) COMMENT 'user id',
    role LowCardinality(String),
    org_code LowCardinality(String),
    occurred_at DateTime64(3, 'UTC') COMMENT 'when the person acted',
    emitted_at DateTime64(3, 'UTC') COMMENT '1970-01-01 = not given',
    payload String COMMENT 'JSON; texts of staff as they were written',
    content UInt64 COMMENT 'hash of what the source claims',
    topic LowCardinality(String),
    partition UInt32,
    `offset` UInt64,
    received_at DateTime64(3, 'UTC') COMMENT 'broker append time',
    stored_at DateTime64(3, 'UTC') COMMENT 'when the batch was handed to ClickHouse',
    precedence UInt64 COMMENT 'larger = arrived earlier; the first delivery of a fact is the one kept'
)
ENGINE = ReplacingMergeTree(precedence)
ORDER BY (subject_kind, subject_id, source_sys, event_id, revision, content)

-- One row per version of an organisation as the directory sent it.
CREATE TABLE IF NOT EXISTS organisations
(
    source_sys LowCardinality(String),
    org_code String,
    event_id String,
    revision UInt32,
    name String,
    name_en String,
    parent_code String,
    region_code LowCardinality(String),
    gov_level Int8 COMMENT '0 national … 5 village; -1 = not given',
    org_line LowCardinality(String),
    rank_group LowCardinality(String),
    valid_from Date32,
    valid_to Nullable(Date32) COMMENT 'first day no longer in force; null = open',
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
ORDER BY (org_code, source_sys, event_id, revision, content)

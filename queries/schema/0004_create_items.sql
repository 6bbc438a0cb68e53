-- One row per version of a service item as the catalogue sent it.
CREATE TABLE IF NOT EXISTS items
(
    source_sys LowCardinality(String),
    task_code String,
    task_version String,
    event_id String,
    revision UInt32,
    name String,
    catalog_code String,
    region_code LowCardinality(String),
    org_code LowCardinality(String),
    item_type LowCardinality(String),
    project_type LowCardinality(String),
    valid_from Date32,
    valid_to Nullable(Date32) COMMENT 'first day no longer in force; null = open',
    legal_days Nullable(Int32),
    legal_unit LowCardinality(String),
    promise_days Nullable(Int32),
    promise_unit LowCardinality(String),
    baseline_promise_days Nullable(Int32),
    online_depth Nullable(Int32),
    limit_visits Nullable(Int32),
    roll_forward Bool,
    fee_pauses Bool,
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
ORDER BY (task_code, task_version, source_sys, event_id, revision, content)

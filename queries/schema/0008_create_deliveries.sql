-- The ledger of ingest: one row per message of a topic and what became of it.
-- Inserted after the facts and rejects of its batch and before the offset is
-- committed, so that its end is always behind what the fact tables hold.
CREATE TABLE IF NOT EXISTS deliveries
(
    topic LowCardinality(String),
    partition UInt32,
    `offset` UInt64,
    outcome Enum8('fact' = 1, 'rejected' = 2),
    source_sys LowCardinality(String),
    subject_kind LowCardinality(String) COMMENT 'case, ticket, none, item or org; empty when rejected',
    subject String COMMENT 'case_no, ticket_no, task_code or org_code; empty when rejected',
    identity UInt128 COMMENT 'hash of (source_sys, event_id, revision); 0 when rejected',
    content UInt64 COMMENT 'hash of what the source claims; 0 when rejected',
    received_at DateTime64(3, 'UTC'),
    stored_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree
ORDER BY (topic, partition, `offset`)

-- What could not become a fact, with its original bytes; one row per message.
CREATE TABLE IF NOT EXISTS ingest_rejects
(
    topic LowCardinality(String),
    partition UInt32,
    `offset` UInt64,
    reason LowCardinality(String) COMMENT 'typed reason, see ingest/deadletter',
    field String COMMENT 'JSON pointer of the offending field, empty for the whole message',
    detail String COMMENT 'what was wrong and what to do; carries no value of the message',
    source_sys String COMMENT 'as far as it could be read',
    key String COMMENT 'message key',
    raw String COMMENT 'the message bytes as they came',
    received_at DateTime64(3, 'UTC'),
    stored_at DateTime64(3, 'UTC'),
    replayed_at Nullable(DateTime64(3, 'UTC')) COMMENT 'when a repaired copy was sent again'
)
ENGINE = ReplacingMergeTree(stored_at)
ORDER BY (topic, partition, `offset`)

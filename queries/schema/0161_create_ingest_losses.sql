-- What the broker no longer had when it was to be read, or read again.
CREATE TABLE IF NOT EXISTS ingest_losses
(
    topic LowCardinality(String),
    partition UInt32,
    from_offset UInt64 COMMENT 'place of the first in the ledger',
    until_offset UInt64 COMMENT 'place behind the last',
    kind LowCardinality(String) COMMENT 'unread = dropped before it was read, stored = read once, lost by the database and dropped by the broker, made_anew and rewound = the topic is another, what it held unread is not known',
    messages UInt64 COMMENT 'messages (at most) or, of kind stored, facts',
    before_at DateTime64(3, 'UTC') COMMENT 'arrival of the last message known before; 1970-01-01 = none',
    noticed_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(noticed_at)
ORDER BY (topic, partition, from_offset, until_offset, kind)

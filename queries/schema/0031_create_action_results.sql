-- What became of each action of a person.
CREATE TABLE IF NOT EXISTS action_results
(
    source_sys LowCardinality(String),
    event_id String,
    fold_version UInt64,
    subject_kind LowCardinality(String),
    subject_id String,
    outcome LowCardinality(String) COMMENT 'accepted, conflict, illegal, forbidden, unknown',
    seq UInt32 COMMENT 'seq of the event that it became; of the subject as it stood when refused',
    detail String,
    recorded_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(fold_version)
ORDER BY (source_sys, event_id)

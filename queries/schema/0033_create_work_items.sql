-- The state of supervision orders, bad-rating orders, exposures and referrals:
-- the fold of their work_events.
CREATE TABLE IF NOT EXISTS work_items
(
    kind LowCardinality(String) COMMENT 'order, rating, exposure, referral',
    id String,
    fold_version UInt64,
    seq UInt32 COMMENT 'of its last event; what an action must expect',
    state LowCardinality(String),
    level LowCardinality(String) COMMENT 'normal, key or leader for orders',
    origin LowCardinality(String) COMMENT 'rule, leader, hotline, exposure, rating',
    org_code LowCardinality(String) COMMENT 'lead organisation',
    co_orgs Array(LowCardinality(String)),
    region_code LowCardinality(String),
    subjects Array(String) COMMENT 'what it is about: kind/source_sys/number',
    alerts Array(String) COMMENT 'alert ids behind it',
    opened_at DateTime64(3, 'UTC'),
    due_at Nullable(DateTime64(3, 'UTC')) COMMENT 'of the state it is in',
    final_due_at Nullable(DateTime64(3, 'UTC')) COMMENT 'of the whole',
    stopped_at Nullable(DateTime64(3, 'UTC')) COMMENT 'reply or rectification that was accepted',
    closed_at Nullable(DateTime64(3, 'UTC')),
    round UInt16,
    extended Bool,
    assignee LowCardinality(String),
    data String COMMENT 'JSON: title, demand, attachments by reference, answer',
    updated_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(fold_version)
ORDER BY (kind, id)

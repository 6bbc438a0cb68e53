-- What the ratings of one subject say, one row per subject that was rated.
-- The r_ arrays hold one element per rating in force, sorted by (r_rated_at, r_rating_id);
-- a rating counts as of an instant when r_from <= as_of and as_of < r_until.
CREATE TABLE IF NOT EXISTS rating_states
(
    subject_kind LowCardinality(String) COMMENT 'case, ticket or none',
    subject_sys LowCardinality(String),
    subject_no String,
    fold_version UInt64,
    r_source_sys Array(LowCardinality(String)),
    r_rating_id Array(String),
    r_level Array(UInt8),
    r_rated_at Array(DateTime64(3, 'UTC')),
    r_served_at Array(Nullable(DateTime64(3, 'UTC'))),
    r_status Array(LowCardinality(String)) COMMENT 'valid, default, excluded, follow_up or late (more than 5 working days after the service)',
    r_from Array(DateTime64(3, 'UTC')) COMMENT 'from when it counts',
    r_until Array(DateTime64(3, 'UTC')) COMMENT 'until when it counts: replaced by a later one of the same rater and service; 2299-12-31 = still',
    r_org_code Array(LowCardinality(String)),
    r_region_code Array(LowCardinality(String)),
    r_task_code Array(LowCardinality(String)),
    r_window_id Array(LowCardinality(String)),
    r_channel Array(LowCardinality(String)),
    r_real_name Array(Bool),
    calendar_version LowCardinality(String),
    folded_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(fold_version)
ORDER BY (subject_kind, subject_sys, subject_no)

-- What all states were folded with; a change of it refolds everything.
CREATE TABLE IF NOT EXISTS fold_marks
(
    name LowCardinality(String) COMMENT 'basis = calendar, policy and program of the fold',
    value String,
    fold_version UInt64,
    at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(fold_version)
ORDER BY name

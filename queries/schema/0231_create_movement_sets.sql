-- What the rows of movements of each subject add up to: the way from a subject to its movements
-- without looking through the ledger. Rows of a round that was cut short are made again from it.
CREATE TABLE IF NOT EXISTS movement_sets
(
    subject_kind LowCardinality(String),
    source_sys LowCardinality(String),
    subject String,
    round UInt64,
    dims Tuple(region_code String, task_code String, item_type String, project_type String, channel String, window_id String, kind String, called_number String, org_code String) CODEC(ZSTD(1)),
    m Array(Tuple(measure String, at10 Int64, late_ms Int64, behind_ms Int64, facets UInt16, value Int32, org_code String, n Int16)) COMMENT 'at10: tenths of milliseconds since 1970' CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(round)
ORDER BY (subject_kind, source_sys, subject)

-- What a subject should count in against what is stored of it: the door of the ledger. It keeps nothing;
-- two views write the difference and the new set.
CREATE TABLE IF NOT EXISTS movement_feed
(
    subject_kind LowCardinality(String),
    source_sys LowCardinality(String),
    subject String,
    round UInt64,
    known_at DateTime64(3, 'UTC'),
    dims Tuple(region_code String, task_code String, item_type String, project_type String, channel String, window_id String, kind String, called_number String, org_code String),
    m Array(Tuple(measure String, at10 Int64, late_ms Int64, behind_ms Int64, facets UInt16, value Int32, org_code String, n Int16)),
    was_dims Tuple(region_code String, task_code String, item_type String, project_type String, channel String, window_id String, kind String, called_number String, org_code String),
    plus Array(Tuple(measure String, at10 Int64, late_ms Int64, behind_ms Int64, facets UInt16, value Int32, org_code String, n Int16)),
    minus Array(Tuple(measure String, at10 Int64, late_ms Int64, behind_ms Int64, facets UInt16, value Int32, org_code String, n Int16))
)
ENGINE = Null

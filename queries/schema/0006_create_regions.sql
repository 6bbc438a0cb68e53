-- Administrative divisions: one row per code and edition.
CREATE TABLE IF NOT EXISTS regions
(
    region_code String,
    name String,
    parent_code String COMMENT 'empty for a province',
    gov_level Int8 COMMENT '1 province … 5 village',
    is_virtual Bool COMMENT 'development zone or a level that is not a place',
    edition LowCardinality(String),
    path Array(String) COMMENT 'codes from the province down to this one'
)
ENGINE = ReplacingMergeTree
ORDER BY (region_code, edition)

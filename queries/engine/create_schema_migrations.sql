-- purpose: Make the table that remembers which migrations ran.
-- grain: no row; the table has one per change of the status of a migration
CREATE TABLE IF NOT EXISTS schema_migrations
(
    name String,
    status LowCardinality(String) COMMENT 'started or done',
    checksum String,
    at DateTime64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY (name, at)

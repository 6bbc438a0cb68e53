-- The versions of the calendar that the office loaded: each is the version it is based on with the notice of one year put in its place.
CREATE TABLE IF NOT EXISTS calendar_versions
(
    version String,
    base String COMMENT 'version it is based on: another one of this table, or one of the program',
    year UInt16 COMMENT 'year of the notice',
    document String COMMENT 'number of the notice as its file gives it',
    issued String COMMENT 'day of issue as its file gives it, YYYY-MM-DD; empty = not given',
    notice String COMMENT 'the notice itself as JSON',
    imported_by String COMMENT 'user id; cli:NAME = a login of the machine, on the command line',
    imported_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(imported_at)
ORDER BY version

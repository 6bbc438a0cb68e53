-- The legal calendar, one row per version and local day (Asia/Shanghai).
CREATE TABLE IF NOT EXISTS calendar_days
(
    version LowCardinality(String),
    day Date32,
    is_workday Bool,
    workday_index Int32 COMMENT 'number of working days from the first day of the version through this day',
    provisional Bool COMMENT 'the State Council notice that decides this day is not published',
    name String COMMENT 'holiday name where listed'
)
ENGINE = ReplacingMergeTree
ORDER BY (version, day)

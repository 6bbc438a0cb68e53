-- How far the events of alerts and work items are planned into notices.
CREATE TABLE IF NOT EXISTS notice_cursors
(
    name LowCardinality(String) COMMENT 'events',
    planned_version UInt64 COMMENT 'every event with this fold version or a lower one is in notices',
    fold_version UInt64,
    at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(fold_version)
ORDER BY name

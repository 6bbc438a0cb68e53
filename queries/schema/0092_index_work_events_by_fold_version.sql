-- As in alerts.
ALTER TABLE work_events ADD INDEX IF NOT EXISTS by_fold_version fold_version TYPE minmax GRANULARITY 1

-- As in cases.
ALTER TABLE alert_chains ADD INDEX IF NOT EXISTS by_fold_version fold_version TYPE minmax GRANULARITY 1

-- What was announced since the last look is found without reading the history.
ALTER TABLE alert_events ADD INDEX IF NOT EXISTS by_fold_version fold_version TYPE minmax GRANULARITY 1

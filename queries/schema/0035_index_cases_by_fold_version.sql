-- What a round has just folded is found by its version without looking at the rest.
ALTER TABLE cases ADD INDEX IF NOT EXISTS by_fold_version fold_version TYPE minmax GRANULARITY 1

-- Orders, referrals and notices find what changed since the last look without
-- reading all alerts.
ALTER TABLE alerts ADD INDEX IF NOT EXISTS by_fold_version fold_version TYPE minmax GRANULARITY 1

-- Notices that a crash left unsent are looked for among the last days alone.
ALTER TABLE alert_events ADD INDEX IF NOT EXISTS by_recorded_at recorded_at TYPE minmax GRANULARITY 1

-- As alert_events.
ALTER TABLE work_events
    ADD COLUMN IF NOT EXISTS org_code LowCardinality(String) COMMENT 'organisation of the person; empty for the system'

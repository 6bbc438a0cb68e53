-- In whose name a person acted.
ALTER TABLE alert_events
    ADD COLUMN IF NOT EXISTS org_code LowCardinality(String) COMMENT 'organisation of the person; empty for the system'

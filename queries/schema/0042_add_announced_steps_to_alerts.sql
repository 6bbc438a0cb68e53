-- The steps that were announced, as they were: what the next look is compared with.
ALTER TABLE alerts
    ADD COLUMN IF NOT EXISTS announced_at Array(DateTime64(3, 'UTC')),
    ADD COLUMN IF NOT EXISTS announced_severity Array(LowCardinality(String))

-- The pauses of the clocks: special procedures, waiting for a fee, and the time between an end and a reopening,
-- in the order in which they began.
ALTER TABLE cases
    ADD COLUMN IF NOT EXISTS p_from_at Array(DateTime64(3, 'UTC')),
    ADD COLUMN IF NOT EXISTS p_until_at Array(Nullable(DateTime64(3, 'UTC'))) COMMENT 'end, or the end of the approved days where that is earlier; null = open, and how long is not known'

-- What was missed stays on record, whatever becomes of the ticket: a redo order, a new holder, more time.
ALTER TABLE tickets
    ADD COLUMN IF NOT EXISTS h_missed_due Array(Nullable(DateTime64(3, 'UTC'))) COMMENT 'the first due that passed without an answer; null = none was missed' AFTER h_extensions,
    ADD COLUMN IF NOT EXISTS h_missed_org Array(LowCardinality(String)) COMMENT 'who held the ticket then' AFTER h_missed_due

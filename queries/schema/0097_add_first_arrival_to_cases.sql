-- When an event arrived first, in whatever revision: a correction of what was there does not make it late.
ALTER TABLE cases
    ADD COLUMN IF NOT EXISTS f_first_received_at Array(DateTime64(3, 'UTC')) COMMENT 'arrival of the first revision of the event'

-- As in cases.
ALTER TABLE tickets
    ADD COLUMN IF NOT EXISTS f_type Array(LowCardinality(String)),
    ADD COLUMN IF NOT EXISTS f_at Array(DateTime64(3, 'UTC')) COMMENT 'the legal moment',
    ADD COLUMN IF NOT EXISTS f_pushed_at Array(Nullable(DateTime64(3, 'UTC'))) COMMENT 'emit_time of the source; null = not given',
    ADD COLUMN IF NOT EXISTS f_received_at Array(DateTime64(3, 'UTC')),
    ADD COLUMN IF NOT EXISTS f_org Array(LowCardinality(String)),
    ADD COLUMN IF NOT EXISTS f_window Array(LowCardinality(String)),
    ADD COLUMN IF NOT EXISTS f_staff Array(LowCardinality(String)),
    ADD COLUMN IF NOT EXISTS f_legal Array(Bool) COMMENT 'false = the life cycle does not allow it in f_state',
    ADD COLUMN IF NOT EXISTS f_state Array(LowCardinality(String)) COMMENT 'state before the fact',
    ADD COLUMN IF NOT EXISTS f_event_id Array(String),
    ADD COLUMN IF NOT EXISTS f_payload Array(String) COMMENT 'JSON, amends applied'

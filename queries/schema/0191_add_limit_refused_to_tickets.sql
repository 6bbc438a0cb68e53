-- As cases.
ALTER TABLE tickets
    ADD COLUMN IF NOT EXISTS limit_refused Bool MATERIALIZED arrayExists(x -> position(x, '"limit_regime":"refused"') > 0, f_payload) COMMENT 'a fact asked for limits of its own that do not count'

-- Whether a source asked for limits of its own that do not count, because it is not registered for them or asked too late:
-- what the fold wrote into the facts. Materialised, so that nobody writes it and SELECT * is without it.
ALTER TABLE cases
    ADD COLUMN IF NOT EXISTS limit_refused Bool MATERIALIZED arrayExists(x -> position(x, '"limit_regime":"refused"') > 0, f_payload) COMMENT 'a fact asked for limits of its own that do not count'

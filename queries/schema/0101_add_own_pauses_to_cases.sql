-- The pause of the legal limit beside that of the promise: each ends with its own due. Since when a case says
-- that it is a sub-case. When half of a promise in hall hours is gone.
ALTER TABLE cases
    ADD COLUMN IF NOT EXISTS h_legal_pause_until Array(Nullable(DateTime64(3, 'UTC'))) DEFAULT h_pause_until COMMENT 'as h_pause_until, of the legal limit',
    ADD COLUMN IF NOT EXISTS parent_since DateTime64(3, 'UTC') DEFAULT first_at COMMENT 'since when the case names its parent',
    ADD COLUMN IF NOT EXISTS half_at Nullable(DateTime64(3, 'UTC')) COMMENT 'when half of a promise in hall hours is gone; null for all others'

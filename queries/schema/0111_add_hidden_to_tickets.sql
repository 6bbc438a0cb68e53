-- As cases.
ALTER TABLE tickets
    ADD COLUMN IF NOT EXISTS hidden Bool COMMENT 'secret by a fact after the first: shown to those alone who may see secret ones, and counted'

-- What a later fact calls secret is hidden like what is secret from the first fact on, but counted: it leaves no
-- figure and no verdict in hindsight.
ALTER TABLE cases
    ADD COLUMN IF NOT EXISTS hidden Bool COMMENT 'secret by a fact after the first: shown to those alone who may see secret ones, and counted'

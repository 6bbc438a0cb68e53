-- The watermark of the states: the latest arrival among what is folded.
ALTER TABLE fold_cursors ADD COLUMN IF NOT EXISTS received_at DateTime64(3, 'UTC') COMMENT 'broker time of the latest delivery folded'

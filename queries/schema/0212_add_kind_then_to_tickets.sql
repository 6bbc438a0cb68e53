-- What a visit says counts for the kind that the ticket had then, whatever it is called afterwards.
ALTER TABLE tickets
    ADD COLUMN IF NOT EXISTS h_kind Array(LowCardinality(String)) COMMENT 'kind as told by then; empty = nobody has said' AFTER h_org

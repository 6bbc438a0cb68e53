ALTER TABLE ingest_rejects ADD COLUMN IF NOT EXISTS raw_size UInt64 DEFAULT length(raw) COMMENT 'length of the message'

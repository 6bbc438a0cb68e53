ALTER TABLE ingest_rejects ADD COLUMN IF NOT EXISTS raw_removed_at Nullable(DateTime64(3, 'UTC')) COMMENT 'when the retention setting took the bytes away'

ALTER TABLE ingest_rejects ADD COLUMN IF NOT EXISTS raw_hash String DEFAULT lower(hex(SHA256(raw))) COMMENT 'SHA-256 of the message, by which a copy of it is known again'

-- purpose: Take away the bytes of old rejects; what was wrong with them, their place, size and hash stay.
-- grain: no row
-- param: before DateTime64(3,'UTC') = those that arrived before it
-- param: at DateTime64(3,'UTC') = when they are taken away
ALTER TABLE ingest_rejects
    UPDATE raw_size = length(raw), raw_hash = lower(hex(SHA256(raw))), raw = '', raw_removed_at = {at:DateTime64(3,'UTC')}
    WHERE received_at < {before:DateTime64(3,'UTC')} AND raw_removed_at IS NULL
    SETTINGS mutations_sync = 1

-- purpose: Store messages that could not become facts; the rows follow column by column over the native protocol.
-- grain: one row per reject
INSERT INTO ingest_rejects
(
    topic, partition, `offset`, reason, field, detail, source_sys, key, raw, received_at, stored_at
) VALUES

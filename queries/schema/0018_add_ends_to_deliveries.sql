-- The end of every partition of the ledger in a few rows: the engine asks for it
-- several times a second.
ALTER TABLE deliveries ADD PROJECTION IF NOT EXISTS ends
(
    SELECT topic, partition, max(`offset`), max(received_at), max(stored_at)
    GROUP BY topic, partition
)

-- purpose: Store what came of messages: facts, refused messages, the ledger of deliveries; the rows follow column by column over the native protocol.
-- grain: one row per fact, refused message or message
-- The table and its columns are filled in by ingest/sink, which names them beside the fields that they are made of.
INSERT INTO {{rows}} VALUES

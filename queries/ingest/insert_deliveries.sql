-- purpose: Enter messages into the ledger of deliveries; the rows follow column by column over the native protocol.
-- grain: one row per message
INSERT INTO deliveries
(
    topic, partition, `offset`, outcome, source_sys, subject_kind, subject, identity, content,
    received_at, stored_at
) VALUES

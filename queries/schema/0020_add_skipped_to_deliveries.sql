-- Offsets that hold no message (marks of transactions, messages taken back or
-- compacted away) are in the ledger too, so that a hole in it is always a fault.
ALTER TABLE deliveries MODIFY COLUMN outcome Enum8('fact' = 1, 'rejected' = 2, 'skipped' = 3)

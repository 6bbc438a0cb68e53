-- purpose: How many deliveries of cases and tickets are in the states: whether a load has come since.
-- grain: one row
-- column: facts UInt64 = deliveries folded
SELECT sum(next_offset) AS facts FROM fold_cursors FINAL WHERE topic IN ('case-events', 'hotline-tickets')

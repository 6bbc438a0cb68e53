-- purpose: Sum up a range of deliveries before it is folded.
-- grain: one row per partition
-- include: facts_range
-- column: partition UInt32 = partition
-- column: messages UInt64 = messages in the range
-- column: facts UInt64 = messages in the range that became facts
-- column: received_at DateTime64(3,'UTC') = broker time of the latest one
SELECT partition, uniqExact(offset) AS messages, uniqExactIf(offset, outcome = 'fact') AS facts, max(received_at) AS received_at
FROM deliveries
WHERE {{facts_range}}
GROUP BY partition
ORDER BY partition

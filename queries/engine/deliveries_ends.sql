-- purpose: Tell how far the ledger of deliveries reaches.
-- grain: one row per topic and partition
-- column: topic String = topic
-- column: partition UInt32 = partition
-- column: end UInt64 = offset after the last delivery
-- column: received_at DateTime64(3,'UTC') = broker time of the latest delivery
SELECT topic, partition, max(offset) + 1 AS end, max(received_at) AS received_at
FROM deliveries
GROUP BY topic, partition
ORDER BY topic, partition

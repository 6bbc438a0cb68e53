-- purpose: Sum up the ledger of deliveries per partition, the ground of the identity of received messages.
-- grain: one row per topic and partition that has deliveries
-- column: topic String = topic
-- column: partition UInt32 = partition
-- column: first_offset UInt64 = lowest offset entered
-- column: next_offset UInt64 = offset behind the highest entered
-- column: entered UInt64 = offsets entered, each once
-- column: facts UInt64 = of these, messages that are facts
-- column: rejected UInt64 = of these, messages that are none
-- column: skipped UInt64 = of these, offsets that hold no message
-- column: received_at DateTime64(3,'UTC') = broker time of the latest
-- column: stored_at DateTime64(3,'UTC') = when the latest was stored
-- source: design principle 6
SELECT topic, partition, min(offset) AS first_offset, max(offset) + 1 AS next_offset, uniqExact(offset) AS entered,
    uniqExactIf(offset, outcome = 'fact') AS facts, uniqExactIf(offset, outcome = 'rejected') AS rejected,
    uniqExactIf(offset, outcome = 'skipped') AS skipped, max(received_at) AS received_at, max(stored_at) AS stored_at
FROM deliveries
GROUP BY topic, partition
ORDER BY topic, partition

-- purpose: Sum up the ledger of deliveries per partition, the ground of the identity of received messages.
-- grain: one row per topic, partition and incarnation that has deliveries
-- column: topic String = topic
-- column: partition UInt32 = partition
-- column: incarnation UInt32 = number of the topic of this name, 0 = the first
-- column: base UInt64 = place in the ledger minus offset at the broker
-- column: first_offset UInt64 = lowest place entered
-- column: next_offset UInt64 = place behind the highest entered
-- column: entered UInt64 = places entered, each once
-- column: facts UInt64 = of these, messages that are facts
-- column: rejected UInt64 = of these, messages that are none
-- column: skipped UInt64 = of these, offsets that hold no message
-- column: received_at DateTime64(3,'UTC') = broker time of the latest
-- column: stored_at DateTime64(3,'UTC') = when the latest was stored
-- source: design principle 6
SELECT d.topic AS topic, d.partition AS partition, i.incarnation AS incarnation, i.base AS base,
    min(d.offset) AS first_offset, max(d.offset) + 1 AS next_offset, uniqExact(d.offset) AS entered,
    uniqExactIf(d.offset, d.outcome = 'fact') AS facts, uniqExactIf(d.offset, d.outcome = 'rejected') AS rejected,
    uniqExactIf(d.offset, d.outcome = 'skipped') AS skipped, max(d.received_at) AS received_at, max(d.stored_at) AS stored_at
FROM (SELECT topic, partition, offset, outcome, received_at, stored_at FROM deliveries) AS d
ASOF LEFT JOIN topic_incarnations AS i ON i.topic = d.topic AND i.partition = d.partition AND d.offset >= i.base
GROUP BY topic, partition, incarnation, base
ORDER BY topic, partition, incarnation

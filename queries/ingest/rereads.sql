-- purpose: List the ranges that are to be read from the broker once more and are not folded yet.
-- grain: one row per range and asking
-- column: topic String = topic
-- column: partition UInt32 = partition
-- column: from_offset UInt64 = first offset
-- column: until_offset UInt64 = first offset behind it
-- column: asked_at DateTime64(3,'UTC') = when it was asked for
-- column: reason String = why
-- column: read_at Nullable(DateTime64(3,'UTC')) = when it was read; null = not yet
-- column: step UInt8 = 0 asked, 1 read
-- source: design principle 6
SELECT topic, partition, from_offset, until_offset, asked_at, reason, read_at, step
FROM rereads FINAL
WHERE step < 2
ORDER BY topic, partition, from_offset, asked_at

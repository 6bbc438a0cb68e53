-- purpose: List the ranges that are to be read from the broker once more and are not folded yet.
-- grain: one row per range and asking
-- column: step UInt8 = 0 asked, 1 read
-- source: design principle 6
SELECT topic, partition, from_offset, until_offset, asked_at, reason, read_at, step
FROM rereads FINAL
WHERE step < 2
ORDER BY topic, partition, from_offset, asked_at

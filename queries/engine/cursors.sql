-- purpose: Read how far each partition is folded.
-- grain: one row per topic and partition
-- column: topic String = topic
-- column: partition UInt32 = partition
-- column: next_offset UInt64 = every delivery below it is in the states
-- column: fold_version UInt64 = fold version of the row
-- column: folded_at DateTime64(3,'UTC') = when it was written
-- column: received_at DateTime64(3,'UTC') = broker time of the latest delivery folded
SELECT topic, partition, next_offset, fold_version, folded_at, received_at
FROM fold_cursors FINAL
ORDER BY topic, partition

-- purpose: Read how far each partition is folded.
-- grain: one row per topic and partition
-- column: next_offset UInt64 = every delivery below it is in the states
-- column: received_at DateTime64(3,'UTC') = broker time of the latest delivery folded
SELECT topic, partition, next_offset, fold_version, folded_at, received_at
FROM fold_cursors FINAL
ORDER BY topic, partition

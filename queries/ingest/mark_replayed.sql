-- purpose: Note that rejects were sent again: the same rows with the time of it.
-- grain: one row per reject sent again, in place of the one without the time
-- param: offsets Array(String) = topic/partition/offset of the rejects
-- param: at DateTime64(3,'UTC') = when they were sent
INSERT INTO ingest_rejects (topic, partition, `offset`, reason, field, detail, source_sys, key, raw, received_at, stored_at, replayed_at, raw_removed_at, raw_size, raw_hash)
SELECT topic, partition, offset, reason, field, detail, source_sys, key, raw, received_at,
    greatest(stored_at + INTERVAL 1 MILLISECOND, {at:DateTime64(3,'UTC')}), {at:DateTime64(3,'UTC')}, raw_removed_at, raw_size, raw_hash
FROM ingest_rejects FINAL
WHERE has({offsets:Array(String)}, concat(topic, '/', toString(partition), '/', toString(offset)))

-- purpose: List rejects with their bytes, to be repaired and sent again.
-- grain: one row per reject
-- param: topic String ? = topic; empty means all
-- param: reason String ? = typed reason; empty means all
-- param: source String ? = source system; empty means all
-- param: offsets Array(String) ? = topic/partition/offset of the rejects wanted; empty means all
-- param: after String ? = only rejects behind this topic/partition/offset, as written by position; empty means from the first
-- param: replayed Bool ? = true lists those that were sent again too
-- param: max_rows UInt32 = most rows
-- column: topic String = topic
-- column: partition UInt32 = partition
-- column: offset UInt64 = offset
-- column: reason String = typed reason
-- column: field String = JSON pointer of the offending field
-- column: detail String = what was wrong
-- column: source_sys String = source system as far as it could be read
-- column: key String = message key
-- column: raw String = message bytes
-- column: received_at DateTime64(3,'UTC') = broker time
-- column: replayed_at Nullable(DateTime64(3,'UTC')) = when it was sent again; null = not yet
-- column: raw_removed_at Nullable(DateTime64(3,'UTC')) = when the retention setting took the bytes away; null = they are there
-- column: position String = where the row stands in the order of the list
SELECT topic, partition, offset, reason, field, detail, source_sys, key, raw, received_at, replayed_at, raw_removed_at,
    concat(topic, '/', leftPad(toString(partition), 10, '0'), '/', leftPad(toString(offset), 20, '0')) AS position
FROM ingest_rejects FINAL
WHERE ({topic:String} = '' OR topic = {topic:String})
    AND ({reason:String} = '' OR reason = {reason:String})
    AND ({source:String} = '' OR source_sys = {source:String})
    AND (empty({offsets:Array(String)}) OR has({offsets:Array(String)}, concat(topic, '/', toString(partition), '/', toString(offset))))
    AND ({replayed:Bool} OR replayed_at IS NULL)
    AND position > {after:String}
ORDER BY position
LIMIT {max_rows:UInt32}

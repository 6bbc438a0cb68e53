-- purpose: List the messages that could not become facts.
-- grain: one row per message
-- param: topic String ? = topic; empty means all
-- param: reason String ? = typed reason; empty means all
-- param: source String ? = source system; empty means all
-- param: max_rows UInt32 = rows of one page
-- param: skip UInt64 ? = rows before the page
-- column: field String = JSON pointer of the offending field
-- column: size_bytes UInt64 = length of the message
-- column: raw_removed_at Nullable(DateTime64(3,'UTC')) = when the retention setting took the bytes away; null = they are there
-- column: says_secret Bool = the message says of its subject that it is secret
-- column: total UInt64 = messages that fit the filter
-- source: domain guide 2.6
SELECT
    topic, partition, `offset`, reason, field, detail, source_sys, raw_size AS size_bytes, raw_removed_at, toBool(match(raw, '(?i)"secret"\\s*:\\s*"?(true|1)')) AS says_secret, received_at, stored_at, replayed_at,
    count() OVER () AS total
FROM ingest_rejects FINAL
WHERE ({topic:String} = '' OR topic = {topic:String})
    AND ({reason:String} = '' OR reason = {reason:String})
    AND ({source:String} = '' OR source_sys = {source:String})
ORDER BY received_at DESC, topic, partition, `offset` DESC
LIMIT {max_rows:UInt32} OFFSET {skip:UInt64}

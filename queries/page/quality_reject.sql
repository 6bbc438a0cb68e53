-- purpose: One message that could not become a fact, with its bytes.
-- grain: one row, none when there is no such reject
-- param: topic String = topic
-- param: partition UInt32 = partition
-- param: offset UInt64 = offset
-- column: raw String = the message as it came, at most 64 KiB of it
-- column: size_bytes UInt64 = its full length
-- column: raw_hash String = SHA-256 of the message
-- column: raw_removed_at Nullable(DateTime64(3,'UTC')) = when the retention setting took the bytes away; null = they are there
-- column: says_secret Bool = the message says of its subject that it is secret
-- source: domain guide 2.6
SELECT
    topic, partition, `offset`, reason, field, detail, source_sys, substring(raw, 1, 65536) AS raw, raw_size AS size_bytes, raw_hash, raw_removed_at,
    toBool(match(ingest_rejects.raw, '(?i)"secret"\\s*:\\s*"?(true|1)')) AS says_secret,
    received_at, stored_at, replayed_at
FROM ingest_rejects FINAL
WHERE topic = {topic:String} AND partition = {partition:UInt32} AND `offset` = {offset:UInt64}

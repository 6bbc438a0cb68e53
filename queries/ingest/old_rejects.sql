-- purpose: Count the rejects whose bytes the retention setting takes away.
-- grain: one row
-- param: before DateTime64(3,'UTC') = those that arrived before it
-- column: rejects UInt64 = rejects with bytes
SELECT uniqExact(topic, partition, offset) AS rejects FROM ingest_rejects WHERE received_at < {before:DateTime64(3,'UTC')} AND raw_removed_at IS NULL

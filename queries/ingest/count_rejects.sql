-- purpose: Count rejects by reason.
-- grain: one row per topic and reason
-- column: topic String = topic
-- column: reason String = typed reason
-- column: rejects UInt64 = messages
-- column: replayed UInt64 = of these, sent again after repair
-- column: received_at DateTime64(3,'UTC') = broker time of the latest
SELECT topic, reason, count() AS rejects, countIf(replayed_at IS NOT NULL) AS replayed, max(received_at) AS received_at
FROM ingest_rejects FINAL
GROUP BY topic, reason
ORDER BY topic, reason

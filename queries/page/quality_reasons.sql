-- purpose: Count what could not become a fact, by reason.
-- grain: one row per topic and reason
-- column: rejects UInt64 = messages set aside
-- column: replayed UInt64 = of them sent again after repair
-- column: sources UInt64 = source systems they came from, as far as readable
-- source: domain guide 2.6
SELECT
    topic, reason, count() AS rejects, countIf(replayed_at IS NOT NULL) AS replayed, uniqExact(source_sys) AS sources,
    min(received_at) AS first_at, max(received_at) AS last_at
FROM ingest_rejects FINAL
GROUP BY topic, reason
ORDER BY rejects DESC, topic, reason

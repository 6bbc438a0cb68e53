-- purpose: Count the rejects of deliveries that were thought to be late rewrites and turned out to have arrived first.
-- grain: one row
-- column: rejects UInt64 = such rejects
SELECT count() AS rejects
FROM ingest_rejects FINAL
WHERE reason = 'conflicting_rewrite'
    AND (topic, partition, offset) IN (SELECT topic, partition, offset FROM fact_conflicts FINAL WHERE stands)

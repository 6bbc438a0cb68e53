-- purpose: Take back the reject of a delivery that was thought to be a late rewrite and turned out to have arrived first.
-- grain: one row goes per delivery that stands after all
DELETE FROM ingest_rejects
WHERE reason = 'conflicting_rewrite'
    AND (topic, partition, offset) IN (SELECT topic, partition, offset FROM fact_conflicts FINAL WHERE stands)

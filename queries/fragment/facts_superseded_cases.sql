-- The facts of which a higher revision is known.
-- param: as_of DateTime64(3,'UTC') = the instant the figure is asked for
SELECT source_sys, case_no, event_id, revision
FROM
(
    SELECT source_sys, case_no, event_id, revision, max(revision) OVER (PARTITION BY source_sys, case_no, event_id) AS newest
    FROM case_events
    WHERE (source_sys, case_no, event_id) IN
        (
            SELECT source_sys, case_no, event_id
            FROM case_events
            WHERE revision > 0 AND occurred_at <= {as_of:DateTime64(3,'UTC')}
        )
        AND occurred_at <= {as_of:DateTime64(3,'UTC')}
        AND (partition, offset) NOT IN (SELECT partition, offset FROM fact_conflicts FINAL WHERE topic = 'case-events' AND NOT stands)
)
WHERE revision < newest

-- The facts of which a higher revision is known.
-- param: as_of DateTime64(3,'UTC') = the instant the figure is asked for
SELECT source_sys, ticket_no, event_id, revision
FROM
(
    SELECT source_sys, ticket_no, event_id, revision, max(revision) OVER (PARTITION BY source_sys, ticket_no, event_id) AS newest
    FROM ticket_events
    WHERE (source_sys, ticket_no, event_id) IN
        (
            SELECT source_sys, ticket_no, event_id
            FROM ticket_events
            WHERE revision > 0 AND occurred_at <= {as_of:DateTime64(3,'UTC')}
        )
        AND occurred_at <= {as_of:DateTime64(3,'UTC')}
        AND (partition, offset) NOT IN (SELECT partition, offset FROM fact_conflicts FINAL WHERE topic = 'hotline-tickets' AND NOT stands)
)
WHERE revision < newest

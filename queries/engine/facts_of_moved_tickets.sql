-- purpose: Read all facts of the tickets that a change of the calendar can move.
-- grain: one row per stored fact; a redelivery that is not merged yet is one more
-- include: facts_columns_tickets, facts_known
-- param: from DateTime64(3,'UTC') = beginning of the first day that changes
-- param: until DateTime64(3,'UTC') = end of the last day that changes
-- source: domain guide 2.4 (calendars are versioned, open cases recomputed)
-- As facts_of_moved_cases.
SELECT {{facts_columns_tickets}}
FROM ticket_events
PREWHERE (source_sys, ticket_no) IN
(
    SELECT source_sys, ticket_no
    FROM tickets_now
    WHERE first_at <= {until:DateTime64(3,'UTC')}
        AND (h_state[-1] NOT IN ('closed', 'invalid', 'merged')
            OR arrayMax(arrayConcat([last_at], h_at, arrayMap(t -> ifNull(t, last_at), arrayConcat(k_due_at, h_due_at)))) >= {from:DateTime64(3,'UTC')} - INTERVAL 92 DAY)
)
WHERE {{facts_known}}
ORDER BY source_sys, ticket_no, event_id, revision, content

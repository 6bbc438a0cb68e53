-- purpose: Read all facts of all tickets.
-- grain: one row per stored fact; a redelivery that is not merged yet is one more
-- include: facts_columns_tickets, facts_known
SELECT {{facts_columns_tickets}}
FROM ticket_events
WHERE {{facts_known}}
ORDER BY source_sys, ticket_no, event_id, revision, content

-- purpose: Read all facts of one ticket.
-- grain: one row per stored fact; a redelivery that is not merged yet is one more
-- include: facts_columns_tickets
-- param: source String = source system
-- param: subject String = number of the ticket in that system
SELECT {{facts_columns_tickets}}
FROM ticket_events
WHERE source_sys = {source:String} AND ticket_no = {subject:String}
ORDER BY source_sys, ticket_no, event_id, revision, content

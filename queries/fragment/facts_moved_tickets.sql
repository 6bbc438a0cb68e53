-- The facts that amends in force move to another instant.
-- include: facts_mods_tickets
SELECT source_sys, ticket_no, change.1 AS event_id, change.2 AS moved_to
FROM (SELECT source_sys, ticket_no, arrayJoin(arrayDistinct(arrayMap(x -> x.1, moved))) AS target, moved[indexOf(arrayMap(x -> x.1, moved), target)] AS change FROM ({{facts_mods_tickets}}))

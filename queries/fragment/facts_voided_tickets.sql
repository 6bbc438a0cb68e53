-- The facts that voids in force take back.
-- include: facts_mods_tickets
SELECT source_sys, ticket_no, arrayJoin(voided) AS event_id FROM ({{facts_mods_tickets}})

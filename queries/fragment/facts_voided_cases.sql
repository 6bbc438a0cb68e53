-- The facts that voids in force take back.
-- include: facts_mods_cases
SELECT source_sys, case_no, arrayJoin(voided) AS event_id FROM ({{facts_mods_cases}})

-- purpose: Read all facts of all cases.
-- grain: one row per stored fact; a redelivery that is not merged yet is one more
-- include: facts_columns_cases, facts_known
SELECT {{facts_columns_cases}}
FROM case_events
WHERE {{facts_known}}
ORDER BY source_sys, case_no, event_id, revision, content

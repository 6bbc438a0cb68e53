-- purpose: Read all facts of the cases whose service item a range of deliveries changes.
-- grain: one row per stored fact; a redelivery that is not merged yet is one more
-- include: facts_columns_cases, facts_known, facts_range
SELECT {{facts_columns_cases}}
FROM case_events
PREWHERE (source_sys, case_no) IN
(
    SELECT source_sys, case_no
    FROM case_events
    WHERE task_code IN (SELECT subject FROM deliveries WHERE {{facts_range}} AND outcome = 'fact')
)
WHERE {{facts_known}}
ORDER BY source_sys, case_no, event_id, revision, content

-- purpose: Read all facts of one case.
-- grain: one row per stored fact; a redelivery that is not merged yet is one more
-- include: facts_columns_cases
-- param: source String = source system
-- param: subject String = number of the case in that system
SELECT {{facts_columns_cases}}
FROM case_events
WHERE source_sys = {source:String} AND case_no = {subject:String}
ORDER BY source_sys, case_no, event_id, revision, content

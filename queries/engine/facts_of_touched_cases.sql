-- purpose: Read all facts of the cases that a range of deliveries or its conflicts touch.
-- grain: one row per stored fact; a redelivery that is not merged yet is one more
-- include: facts_columns_cases, facts_known, facts_range
-- param: fold_version UInt64 = version of the round
WITH touched AS
(
    SELECT source_sys, subject FROM deliveries WHERE {{facts_range}} AND outcome = 'fact'
    UNION ALL
    SELECT source_sys, subject FROM fact_conflicts FINAL WHERE topic = {topic:String} AND fold_version = {fold_version:UInt64}
)
SELECT {{facts_columns_cases}}
FROM case_events
-- The first condition is implied by the second and several times as fast to test.
PREWHERE case_no IN (SELECT subject FROM touched) AND (source_sys, case_no) IN (SELECT source_sys, subject FROM touched)
WHERE {{facts_known}}
ORDER BY source_sys, case_no, event_id, revision, content

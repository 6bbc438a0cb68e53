-- purpose: Asking for shared data: the applicant had to hand in a material that was to be had by licence or sharing.
-- grain: one row per case
-- include: case_subjects
-- source: domain guide 6.2, R-NRM-04
-- Decisions: a material that was available (available_shared: true) and came by
-- upload or on paper; where the source does not say how it came, nothing is known.
-- One alert per case from the first such material on; excluded cases count, the
-- applicant had the trouble.
WITH
arrayFilter(i -> f_type[i] = 'material' AND JSONExtractBool(f_payload[i], 'available_shared') AND JSONExtractString(f_payload[i], 'source') IN ('upload', 'paper'), arrayEnumerate(f_type)) AS again
SELECT
    source_sys, case_no AS subject_no, '' AS clock_no, org_code, region_code, task_code,
    if(f_window[again[1]] != '', f_window[again[1]], window_id) AS window_id, f_staff[again[1]] AS staff_id,
    [(f_at[again[1]], 'yellow')] AS steps, CAST(NULL, 'Nullable(DateTime64(3, \'UTC\'))') AS due_at,
    map('materials', arrayStringConcat(arrayDistinct(arrayMap(i -> JSONExtractString(f_payload[i], 'material_code'), again)), ' '), 'event', f_event_id[again[1]]) AS evidence
FROM (SELECT * REPLACE (toString(window_id) AS window_id) FROM ({{case_subjects}}))
WHERE notEmpty(again)

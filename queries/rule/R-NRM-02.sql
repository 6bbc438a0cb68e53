-- purpose: Extra materials: a material outside the guide was asked for in a case.
-- grain: one row per case
-- include: said, case_subjects
-- source: domain guide 6.2, R-NRM-02 (its half about cases; complaints are R-NRM-02-T)
-- Decisions: only in_guide: false, said by the source, counts; without the key,
-- or with null, nothing is known. One alert per case from the first such material on, whatever
-- became of the case: excluded cases count, the demand was made.
WITH
{{said}},
arrayFilter(i -> f_type[i] = 'material' AND says_no(f_payload[i], 'in_guide'), arrayEnumerate(f_type)) AS extra
SELECT
    source_sys, case_no AS subject_no, '' AS clock_no, org_code, region_code, task_code,
    if(f_window[extra[1]] != '', f_window[extra[1]], window_id) AS window_id, f_staff[extra[1]] AS staff_id,
    [(f_at[extra[1]], 'red')] AS steps, CAST(NULL, 'Nullable(DateTime64(3, \'UTC\'))') AS due_at,
    map('materials', arrayStringConcat(arrayDistinct(arrayMap(i -> JSONExtractString(f_payload[i], 'material_code'), extra)), ' '), 'event', f_event_id[extra[1]]) AS evidence
FROM (SELECT * REPLACE (toString(window_id) AS window_id) FROM ({{case_subjects}}))
WHERE notEmpty(extra)

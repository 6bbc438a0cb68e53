-- purpose: Single approver: the person who accepted the case also decided it though the item wants two.
-- grain: one row per case
-- include: case_subjects, case_items
-- source: domain guide 6.2, R-NRM-07
-- Decisions: the last acceptance before the decision and the decision (without one
-- the finish) name the same member of staff. What a machine decides (channel auto)
-- is left out. Excluded cases count; without staff on either fact nothing is known.
WITH
if(has(f_type, 'decide'), arrayLastIndex(t -> t = 'decide', f_type), arrayLastIndex(t -> t = 'finish', f_type)) AS d,
arrayLastIndex((t, j) -> t = 'accept' AND j < d, f_type, arrayEnumerate(f_type)) AS a
SELECT
    source_sys, case_no AS subject_no, '' AS clock_no, org_code, region_code, task_code, window_id, f_staff[d] AS staff_id,
    [(f_at[d], 'warning')] AS steps, CAST(NULL, 'Nullable(DateTime64(3, \'UTC\'))') AS due_at,
    map('accept_event', f_event_id[a], 'decide_event', f_event_id[d], 'task_version', task_version) AS evidence
FROM (SELECT * FROM ({{case_subjects}}) WHERE item_known AND channel != 'auto') AS s
INNER JOIN ({{case_items}}) AS i ON i_task_code = task_code AND i_task_version = task_version
WHERE a > 0 AND d > 0 AND f_staff[a] != '' AND f_staff[a] = f_staff[d] AND JSONExtractBool(i_payload, 'separate_staff')

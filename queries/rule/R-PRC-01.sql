-- purpose: Step skipped: a step that the item requires is absent at the finish.
-- grain: one row per case that was finished without a required step
-- include: case_subjects, item_payloads
-- source: domain guide 6.2, R-PRC-01; 2.6 (missing steps)
-- The steps are those of the item version that governs the case (payload
-- required_steps). A step counts when a fact of it, start or end, is not later
-- than the finish. Every finish counts: the first one with a step missing gives
-- the card. A case whose item or list of steps is not known is left out.
WITH
JSONExtract(item_payload, 'required_steps', 'Array(String)') AS required,
arrayMap(t -> arrayFilter(r -> NOT has(arrayFilter((c, at) -> at <= t, s_step, s_start_at), r), required), f_at) AS missing_at,
arrayFirstIndex((k, state, m) -> k = 'finish' AND state IN ('', 'accepted', 'processing', 'suspended', 'decided') AND notEmpty(m), f_type, f_state, missing_at) AS i
SELECT
    source_sys, case_no AS subject_no, '' AS clock_no, org_code, region_code, task_code,
    if(f_window[i] = '', window_id, f_window[i]) AS window_id, if(f_staff[i] = '', staff_id, f_staff[i]) AS staff_id,
    [(f_at[i], 'red')] AS steps,
    CAST(NULL, 'Nullable(DateTime64(3, \'UTC\'))') AS due_at,
    map('missing', arrayStringConcat(missing_at[i], ', '), 'required', arrayStringConcat(required, ', '), 'done', arrayStringConcat(arrayDistinct(s_step), ', '),
        'task_version', toString(task_version), 'event_id', f_event_id[i]) AS evidence
FROM ({{case_subjects}}) AS c
INNER JOIN ({{item_payloads}}) AS it ON c.task_code = it.item_code AND c.task_version = it.item_version
WHERE h_excluded[-1] != 'incomplete' AND i > 0

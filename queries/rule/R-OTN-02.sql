-- purpose: Correction after acceptance: a correction notice although the case was accepted.
-- grain: one row per case with such a notice
-- include: case_subjects
-- source: domain guide 6.2, R-OTN-02; Licensing Law art. 32
-- A case that is accepted, by the authority or by law after five days of silence,
-- is complete (art. 32). Only a notice that rests on a fact that was not visible
-- before (new_fact) is lawful then. Special procedures count: they come after
-- acceptance.
WITH
arrayFilter((x, k, s, p) -> k = 'correction_notice' AND s IN ('accepted', 'processing', 'suspended') AND NOT JSONExtractBool(p, 'new_fact'),
    arrayEnumerate(f_type), f_type, f_state, f_payload) AS notices,
notices[1] AS i
SELECT
    source_sys, case_no AS subject_no, '' AS clock_no, org_code, region_code, task_code, if(f_window[i] = '', window_id, f_window[i]) AS window_id, if(f_staff[i] = '', staff_id, f_staff[i]) AS staff_id,
    [(f_at[i], 'yellow')] AS steps,
    CAST(NULL, 'Nullable(DateTime64(3, \'UTC\'))') AS due_at,
    map('state', toString(f_state[i]), 'deemed_accepted', toString(h_deemed[-1]), 'accepted_at', ifNull(toString(h_accepted_at[-1]), ''),
        'notice_no', JSONExtractString(f_payload[i], 'notice_no'), 'notices', toString(length(notices)), 'event_id', f_event_id[i]) AS evidence
FROM ({{case_subjects}})
WHERE h_excluded[-1] != 'incomplete' AND notEmpty(notices)

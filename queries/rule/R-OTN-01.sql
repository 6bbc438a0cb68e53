-- purpose: Not told at once: a later correction notice lists defects that were visible before.
-- grain: one row per case with a repeated notice
-- include: case_subjects
-- source: domain guide 6.2, R-OTN-01; 2.2; Licensing Law art. 32
-- Article 32 wants all defects told at one time. The second and later notices
-- before acceptance (a pre-review rejection is one, domain guide 2.2) break it,
-- unless the notice says that it rests on a fact that was not visible before
-- (new_fact). A notice that repeats defects already told lists what was visible
-- too. A notice after acceptance is the subject of R-OTN-02; what is dated before
-- the application is no notice of it.
WITH
arrayFilter((x, k, s) -> k IN ('correction_notice', 'prereview_reject') AND s IN ('', 'submitted', 'correcting') AND x > arrayFirstIndex((k, s, legal) -> k = 'apply' AND s = '' AND legal, f_type, f_state, f_legal), arrayEnumerate(f_type), f_type, f_state) AS notices,
arrayFilter((x, n) -> n > 1 AND NOT JSONExtractBool(f_payload[x], 'new_fact'), notices, arrayEnumerate(notices)) AS repeated,
repeated[1] AS i
SELECT
    source_sys, case_no AS subject_no, '' AS clock_no, org_code, region_code, task_code, if(f_window[i] = '', window_id, f_window[i]) AS window_id, if(f_staff[i] = '', staff_id, f_staff[i]) AS staff_id,
    [(f_at[i], 'yellow')] AS steps,
    CAST(NULL, 'Nullable(DateTime64(3, \'UTC\'))') AS due_at,
    map('notices', toString(length(notices)), 'repeated_notices', toString(length(repeated)), 'notice_no', JSONExtractString(f_payload[i], 'notice_no'),
        'first_notice_at', toString(f_at[notices[1]]), 'defects', toString(length(JSONExtractArrayRaw(f_payload[i], if(f_type[i] = 'prereview_reject', 'reasons', 'defects')))), 'event_id', f_event_id[i]) AS evidence
FROM ({{case_subjects}})
WHERE h_excluded[-1] != 'incomplete' AND notEmpty(repeated)

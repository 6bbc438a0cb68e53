-- purpose: Undocumented return: sent back or returned without reasons.
-- grain: one row per case with such a return
-- include: legible, case_subjects
-- source: domain guide 6.2, R-OTN-03; Licensing Law arts. 32 and 38
-- A rejection at pre-review, or a termination that is a return (returned), whose
-- list of reasons is not given, empty or blank; a termination may give its one reason.
WITH
{{legible}},
arrayFilter((x, k, p) -> (k = 'prereview_reject' OR k = 'terminate' AND JSONExtractBool(p, 'returned'))
    AND empty(arrayFilter(r -> legible(r), if(JSONType(p, 'reasons') = 'Array', JSONExtract(p, 'reasons', 'Array(String)'), [JSONExtractString(p, 'reasons')])))
    AND (k != 'terminate' OR NOT legible(JSONExtractString(p, 'reason'))),
    arrayEnumerate(f_type), f_type, f_payload) AS returns,
returns[1] AS i
SELECT
    source_sys, case_no AS subject_no, '' AS clock_no, org_code, region_code, task_code, if(f_window[i] = '', window_id, f_window[i]) AS window_id, if(f_staff[i] = '', staff_id, f_staff[i]) AS staff_id,
    [(f_at[i], 'yellow')] AS steps,
    CAST(NULL, 'Nullable(DateTime64(3, \'UTC\'))') AS due_at,
    map('event', toString(f_type[i]), 'state', toString(f_state[i]), 'returns', toString(length(returns)), 'event_id', f_event_id[i]) AS evidence
FROM ({{case_subjects}})
WHERE h_excluded[-1] != 'incomplete' AND notEmpty(returns)

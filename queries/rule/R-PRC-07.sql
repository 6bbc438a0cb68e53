-- purpose: Hearing not held: one was mandatory or asked for and did not take place.
-- grain: one row per case
-- include: workdays, rule_steps, case_subjects, item_payloads
-- source: domain guide 6.2, R-PRC-07; 2.3 (K11); Licensing Law arts. 46, 47 and 48
-- Mandatory: the item asks for it (payload hearing_required) and there is neither a
-- hearing held (activity with hearing_held) nor a special procedure of type hearing
-- before the first decision, or finish without decision. Asked for: K11 ran out, or
-- stopped late. Whichever came first gives the card.
WITH
{{workdays}},
{{rule_steps}},
arrayFirstIndex((k, s) -> k IN ('decide', 'finish') AND s IN ('', 'accepted', 'processing', 'suspended'), f_type, f_state) AS d,
JSONExtractBool(item_payload, 'hearing_required') AND d > 0 AND NOT arrayExists(
    (k, p, t) -> t <= f_at[d] AND (k = 'activity' AND JSONExtractBool(p, 'hearing_held') OR k = 'suspend_start' AND JSONExtractString(p, 'suspend_type') = 'hearing'), f_type, f_payload, f_at) AS absent,
arrayMap((start, due) -> if(isNull(due), forever, surely(local_day(start), local_day(assumeNotNull(due)), assumeNotNull(due))), k_start_at, k_due_at) AS sure_dues,
arrayFirstIndex((c, due, stop) -> c = 'K11' AND due < forever AND (isNull(stop) OR assumeNotNull(stop) > due), k_clock, sure_dues, k_stop_at) AS k,
after(sure_dues[k]) AS missed_at
SELECT
    source_sys, case_no AS subject_no, '' AS clock_no, org_code, region_code, task_code,
    if(absent AND f_window[d] != '', f_window[d], window_id) AS window_id, if(absent AND f_staff[d] != '', f_staff[d], staff_id) AS staff_id,
    [(multiIf(NOT absent, missed_at, k = 0, f_at[d], least(f_at[d], missed_at)), 'red')] AS steps,
    if(k = 0, NULL, k_due_at[k]) AS due_at,
    map('reasons', arrayStringConcat(arrayFilter(r -> r != '', [if(absent, 'mandatory_absent', ''), if(k > 0, 'request_missed', '')]), ', '),
        'requested_at', if(k = 0, '', toString(k_start_at[k])), 'held_at', if(k = 0, '', ifNull(toString(k_stop_at[k]), '')), 'decided_at', if(d = 0, '', toString(f_at[d])),
        'calendar', calendar_version, 'calendar_provisional', toString(k > 0 AND k_provisional[k])) AS evidence
FROM ({{case_subjects}}) AS c
LEFT JOIN ({{item_payloads}}) AS it ON c.task_code = it.item_code AND c.task_version = it.item_version
WHERE h_excluded[-1] != 'incomplete' AND (absent OR k > 0)

-- purpose: Terminated near due: the department ended the case when its promise ran out.
-- grain: one row per case that was terminated near its due
-- include: workdays, rule_steps, case_subjects
-- param: near_days UInt16 = working days left that are near
-- source: domain guide 6.2, R-PRC-06; 5.1 C3
-- A termination that is not the applicant's, with at most near_days working days
-- left to the promised due in force before it and not after it (after it the case
-- counts as overdue, R-DDL-03). A promise of near_days or less has no other day and
-- is left out. The rate against peers is rule R-PRC-06R.
WITH
{{workdays}}
SELECT
    source_sys, case_no AS subject_no, '' AS clock_no, org_code, region_code, task_code, if(f_window[i] = '', window_id, f_window[i]) AS window_id, if(f_staff[i] = '', staff_id, f_staff[i]) AS staff_id,
    [(f_at[i], 'yellow')] AS steps,
    dues[i] AS due_at,
    map('actor', JSONExtractString(f_payload[i], 'actor'), 'days_left', toString(count_wd(local_day(f_at[i]), local_day(assumeNotNull(dues[i])))),
        'returned', toString(JSONExtractBool(f_payload[i], 'returned')), 'event_id', f_event_id[i], 'calendar', calendar_version, 'calendar_provisional', 'false') AS evidence
FROM
(
    WITH
    {{workdays}},
    {{rule_steps}}
    SELECT *, arrayFirstIndex((k, legal, p, t, due, start) -> k = 'terminate' AND legal AND JSONExtractString(p, 'actor') != 'applicant'
            AND ifNull(t <= due, false)
            AND published(local_day(assumeNotNull(start)), local_day(assumeNotNull(due)))
            AND count_wd(local_day(assumeNotNull(start)), local_day(assumeNotNull(due))) > {near_days:UInt16}
            AND count_wd(local_day(t), local_day(assumeNotNull(due))) <= {near_days:UInt16},
        f_type, f_legal, f_payload, f_at, dues, starts) AS i
    FROM
    (
        SELECT *,
            arrayMap(t -> arrayLast((due, at) -> at < t, h_promise_due, h_at), f_at) AS dues,
            arrayMap(t -> arrayLast((x, at) -> at < t, h_accepted_at, h_at), f_at) AS starts
        FROM ({{case_subjects}})
        WHERE h_excluded[-1] != 'incomplete' AND has(f_type, 'terminate')
    )
)
WHERE i > 0

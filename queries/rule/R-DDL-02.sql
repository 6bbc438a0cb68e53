-- purpose: Due today: the promised due is today and the case is open.
-- grain: one row per case that came, or will come, to its due day
-- include: workdays, rule_steps, limit_history, limit_subjects
-- source: domain guide 6.2, R-DDL-02
-- From 00:00 of the due day until the case stops (mode A) or is overdue, where
-- R-DDL-03 takes over in the same chain; not within the approved days of a pause.
WITH
{{workdays}},
{{rule_steps}}
SELECT
    source_sys, case_no AS subject_no, '' AS clock_no, org_code, region_code, task_code, window_id, staff_id,
    spans(today.1, today.2, 'notice') AS steps,
    h_promise_due[-1] AS due_at,
    map('clock', 'K3', 'basis', toString(h_promise_basis[-1]), 'accepted_at', ifNull(toString(h_accepted_at[-1]), ''),
        'calendar', calendar_version, 'calendar_provisional', 'false') AS evidence
FROM
(
    WITH
    {{workdays}},
    {{rule_steps}},
    {{limit_history}}
    SELECT *, soon(arrayMap(
        (due, accepted, basis) -> if(isNotNull(due) AND (basis = 'source' OR published(local_day(assumeNotNull(accepted)), local_day(assumeNotNull(due)))),
            day_start(local_day(assumeNotNull(due))), forever),
        h_promise_due, h_accepted_at, h_promise_basis)) AS today
    FROM ({{limit_subjects}})
)
WHERE notEmpty(today)

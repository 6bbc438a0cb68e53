-- purpose: Promise overdue: running past the promised due, or stopped after it.
-- grain: one row per case that was ever overdue, or will be when nothing happens
-- include: workdays, case_subjects
-- source: domain guide 6.2, R-DDL-03
WITH
{{workdays}},
-- The first piece of the history in which the due is passed while the clock runs.
arrayFirstIndex(
    (at, until, due, stop, state, pause, excluded) -> isNotNull(due) AND excluded = '' AND state IN ('accepted', 'processing', 'suspended', 'submitted', 'correcting')
        AND isNull(stop) AND assumeNotNull(due) < until AND (isNull(pause) OR assumeNotNull(pause) < until),
    h_at, arrayPushBack(arrayPopFront(h_at), toDateTime64('2299-12-31 00:00:00', 3, 'UTC')), h_promise_due, h_stop_at, h_state, h_pause_until, h_excluded) AS i
SELECT
    source_sys, case_no AS subject_no, 'K3/1' AS clock_no, org_code, region_code, task_code, window_id, staff_id,
    [(greatest(addMilliseconds(assumeNotNull(h_promise_due[i]), 1), h_at[i]), 'yellow')] AS steps,
    h_promise_due[i] AS due_at,
    map('accepted_at', toString(h_accepted_at[i]), 'basis', h_promise_basis[i]) AS evidence
FROM ({{case_subjects}})
WHERE i > 0

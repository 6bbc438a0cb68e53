-- purpose: Promise overdue: the promised due passed while the clock ran, or it stopped after it.
-- grain: one row per case that was ever overdue, or will be when nothing more happens
-- include: workdays, rule_steps, limit_history, limit_subjects
-- source: domain guide 6.2, R-DDL-03; 2.4 (due, overdue, pauses); Licensing Law art. 42
-- The violation stays on record (modes B, C, D): a withdrawal, a pause or an
-- extension after the due takes nothing back; a finish that arrives late and
-- precedes the due does. A case that is excluded before its due is never overdue.
-- A due that the source itself gave does not hang on the calendar. One that a notice
-- still to come may move is over when it is over wherever the notice moves it.
WITH
{{workdays}},
{{rule_steps}}
SELECT
    source_sys, case_no AS subject_no, '' AS clock_no, org_code, region_code, task_code, window_id, staff_id,
    [(assumeNotNull(over_at), 'yellow')] AS steps,
    h_promise_due[i] AS due_at,
    map('clock', 'K3', 'basis', toString(h_promise_basis[i]), 'accepted_at', toString(h_accepted_at[i]), 'stopped_at', ifNull(toString(h_stop_at[-1]), ''),
        'limit_days', toString(limit_of_k3), 'limit_unit', toString(k_unit[k3_index]), 'paused_days', toString(k_paused_days[k3_index]), 'calendar', calendar_version, 'calendar_provisional', toString(h_promise_basis[i] != 'source' AND NOT published(local_day(assumeNotNull(h_accepted_at[i])), local_day(assumeNotNull(h_promise_due[i]))))) AS evidence
FROM
(
    SELECT *, arrayLastIndex(t -> t <= assumeNotNull(over_at), h_at) AS i
    FROM
    (
        WITH
        {{workdays}},
        {{rule_steps}},
        {{limit_history}}
        SELECT *, over(sure_dues(h_promise_due, h_accepted_at), h_pause_until) AS over_at, k3 AS k3_index, limit_days AS limit_of_k3
        FROM ({{limit_subjects}})
    )
    WHERE isNotNull(over_at) AND assumeNotNull(over_at) < forever
)

-- purpose: Promise due soon: few working days are left and the case is open.
-- grain: one row per case that came, or will come, near its promised due
-- include: workdays, rule_steps, limit_history, limit_subjects
-- param: warn_days UInt16 = working days left when the limit has long_days or more
-- param: warn_days_short UInt16 = working days left when the limit has 2 days or more and fewer than long_days
-- param: long_days UInt16 = the limit, in working days, from which it counts as long
-- param: warn_hour UInt8 = local hour of the due day at which a limit of at most 1 day is warned of
-- source: domain guide 6.2, R-DDL-01
-- "At most n working days left" begins at 00:00 of the working day that is n
-- working days before the due day. The warning ends when the case stops (mode A)
-- or is overdue, where R-DDL-03 takes over in the same chain; it holds neither
-- for excluded cases nor within the approved days of a pause. A promise in hall hours is
-- warned of when half of it is gone, which is in working time and always before its due
-- (the hour of the due day is meant for days). The limit is the one
-- in force by all facts known; in other units than working days it is the number
-- of working days that it takes.
WITH
{{workdays}},
{{rule_steps}}
SELECT
    source_sys, case_no AS subject_no, '' AS clock_no, org_code, region_code, task_code, window_id, staff_id,
    spans(warned.1, warned.2, 'warning') AS steps,
    h_promise_due[-1] AS due_at,
    map('clock', 'K3', 'basis', toString(h_promise_basis[-1]), 'accepted_at', ifNull(toString(h_accepted_at[-1]), ''), 'limit_days', toString(days),
        'paused_days', toString(k_paused_days[k3_index]), 'calendar', calendar_version, 'calendar_provisional', 'false') AS evidence
FROM
(
    WITH
    {{workdays}},
    {{rule_steps}},
    {{limit_history}},
    due -> multiIf(
        days >= {long_days:UInt16}, day_start(wd_before(local_day(due), {warn_days:UInt16})),
        days >= 2, day_start(wd_before(local_day(due), {warn_days_short:UInt16})),
        addHours(day_start(local_day(due)), {warn_hour:UInt8})) AS warn_from
    SELECT *, soon(arrayMap(
        (due, accepted, basis, warn) -> multiIf(isNull(due), forever, basis != 'source', surely(local_day(assumeNotNull(accepted)), local_day(warn), warn),
            published(local_day(warn), local_day(assumeNotNull(due))), warn, forever),
        h_promise_due, h_accepted_at, h_promise_basis, arrayMap(due -> if(isNull(half_at), warn_from(assumeNotNull(due)), assumeNotNull(half_at)), h_promise_due))) AS warned
    FROM (WITH {{workdays}}, {{rule_steps}}, {{limit_history}} SELECT *, assumeNotNull(limit_days) AS days, k3 AS k3_index FROM ({{limit_subjects}}))
)
WHERE notEmpty(warned)

-- purpose: Special procedure due or over: its approved days run out, or have.
-- grain: one row per special procedure (K7) that came, or will come, near its end
-- include: workdays, rule_steps, case_subjects
-- param: warn_days UInt16 = working days before the last approved day from which it is a warning
-- param: red_days UInt16 = a procedure is red when it is over by more working days than this
-- source: domain guide 6.2, R-DDL-09; 2.3 (K7); Licensing Law art. 45
-- The warning begins at 00:00 of the working day that is warn_days working days
-- before the last approved day, at the earliest with the procedure itself, and is
-- cleared when the procedure ends in time (mode A). Yellow with the first instant
-- over, red from 00:00 of the day on which CountWD(due, now) exceeds red_days. A
-- procedure without approved days has none (domain guide 2.2): it is over with its day. The first
-- procedure of a case has clock_no '', the next ones K7/2, K7/3 and so on.
WITH
{{workdays}},
{{rule_steps}},
assumeNotNull(due) AS clock_due,
wd_before(local_day(clock_due), {warn_days:UInt16}) AS warn_day,
add_wd(local_day(clock_due), {red_days:UInt16} + 1) AS red_day,
arrayFilter(s -> s.2 != 'warning' OR NOT provisional,
    [(if(warn_day > local_day(start_at), day_start(warn_day), start_at), 'warning'),
    (surely(local_day(start_at), local_day(clock_due), after(clock_due)), 'yellow'), (surely(local_day(start_at), red_day, day_start(red_day)), 'red')]) AS ladder,
over_soon(reached(ladder, stop_at), stop_at) AS steps
SELECT
    source_sys, case_no AS subject_no, instance(clock, no) AS clock_no, org_code, region_code, task_code, window_id, staff_id,
    steps,
    due AS due_at,
    map('clock', concat('K7/', toString(no)), 'suspend_type', JSONExtractString(arrayFirst((p, k, t) -> k = 'suspend_start' AND t = start_at, f_payload, f_type, f_at), 'suspend_type'),
        'started_at', toString(start_at), 'stopped_at', ifNull(toString(stop_at), ''), 'approved_days', ifNull(toString(limit), ''),
        'calendar', calendar_version, 'calendar_provisional', toString(provisional)) AS evidence
FROM ({{case_subjects}})
ARRAY JOIN k_clock AS clock, k_no AS no, k_start_at AS start_at, k_due_at AS due, k_stop_at AS stop_at, k_limit AS limit, k_paused_days AS paused, k_provisional AS provisional
WHERE clock = 'K7' AND h_excluded[-1] != 'incomplete' AND notEmpty(steps)

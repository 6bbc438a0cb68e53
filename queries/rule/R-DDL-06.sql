-- purpose: Acceptance late: neither accepted, refused nor sent back for correction within the limit.
-- grain: one row per run of K2 that was, or will be, late
-- include: workdays, rule_steps, case_subjects
-- source: domain guide 6.2, R-DDL-06; 2.3 (K2); Licensing Law art. 32
-- Each receipt starts K2 anew: the application and every corrected one; the first
-- run has clock_no '', the next ones K2/2, K2/3 and so on. A case that runs over is
-- deemed accepted on the day of receipt; the fold marks it. The breach stands when
-- the case is refused or withdrawn afterwards.
WITH
{{workdays}},
{{rule_steps}},
assumeNotNull(due) AS clock_due,
reached([(surely(local_day(start_at), local_day(clock_due), after(clock_due)), 'yellow')], stop_at) AS steps
SELECT
    source_sys, case_no AS subject_no, instance(clock, no) AS clock_no, org_code, region_code, task_code, window_id, staff_id,
    steps,
    due AS due_at,
    map('clock', concat('K2/', toString(no)), 'started_at', toString(start_at), 'stopped_at', ifNull(toString(stop_at), ''), 'limit_days', ifNull(toString(limit), ''), 'deemed_accepted', toString(h_deemed[-1]),
        'calendar', calendar_version, 'calendar_provisional', toString(provisional)) AS evidence
FROM ({{case_subjects}})
ARRAY JOIN k_clock AS clock, k_no AS no, k_start_at AS start_at, k_due_at AS due, k_stop_at AS stop_at, k_limit AS limit, k_paused_days AS paused, k_provisional AS provisional
WHERE clock = 'K2' AND h_excluded[-1] != 'incomplete' AND notEmpty(steps)

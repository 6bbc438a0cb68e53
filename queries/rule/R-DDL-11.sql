-- purpose: Electronic certificate late: not issued within the limit after the finish.
-- grain: one row per run of K12 that was, or will be, late
-- include: workdays, rule_steps, case_subjects
-- source: domain guide 6.2, R-DDL-11; 2.3 (K12)
-- The clock runs where the finish says that there is an electronic certificate
-- (payload e_cert) and stops with the delivery.
WITH
{{workdays}},
{{rule_steps}},
assumeNotNull(due) AS clock_due,
reached([(surely(local_day(start_at), local_day(clock_due), after(clock_due)), 'yellow')], stop_at) AS steps
SELECT
    source_sys, case_no AS subject_no, instance(clock, no) AS clock_no, org_code, region_code, task_code, window_id, staff_id,
    steps,
    due AS due_at,
    map('clock', concat('K12/', toString(no)), 'started_at', toString(start_at), 'stopped_at', ifNull(toString(stop_at), ''), 'limit_days', ifNull(toString(limit), ''),
        'calendar', calendar_version, 'calendar_provisional', toString(provisional)) AS evidence
FROM ({{case_subjects}})
ARRAY JOIN k_clock AS clock, k_no AS no, k_start_at AS start_at, k_due_at AS due, k_stop_at AS stop_at, k_limit AS limit, k_paused_days AS paused, k_provisional AS provisional
WHERE clock = 'K12' AND h_excluded[-1] != 'incomplete' AND notEmpty(steps)

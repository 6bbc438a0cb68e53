-- purpose: Pre-review late: an online application was not looked at within the limit.
-- grain: one row per case whose pre-review was, or will be, late
-- include: workdays, rule_steps, case_subjects
-- param: yellow_days UInt16 = working days over from which it is yellow
-- param: red_days UInt16 = working days over from which it is red
-- source: domain guide 6.2, R-DDL-07; 2.3 (K1)
-- A warning from the first instant over; yellow and red from 00:00 of the day on
-- which CountWD(due, now) reaches their number. A pre-review done while it was only
-- a warning clears it (mode A); a card stays on record.
WITH
{{workdays}},
{{rule_steps}},
assumeNotNull(due) AS clock_due,
n -> add_wd(local_day(clock_due), n) AS over_day,
arrayMap(s -> (surely(local_day(start_at), if(s.2 = 'warning', local_day(clock_due), local_day(s.1)), s.1), s.2),
    [(after(clock_due), 'warning'), (day_start(over_day({yellow_days:UInt16})), 'yellow'), (day_start(over_day({red_days:UInt16})), 'red')]) AS ladder,
over_soon(reached(ladder, stop_at), stop_at) AS steps
SELECT
    source_sys, case_no AS subject_no, instance(clock, no) AS clock_no, org_code, region_code, task_code, window_id, staff_id,
    steps,
    due AS due_at,
    map('clock', concat('K1/', toString(no)), 'started_at', toString(start_at), 'stopped_at', ifNull(toString(stop_at), ''), 'limit_days', ifNull(toString(limit), ''),
        'channel', toString(channel), 'calendar', calendar_version, 'calendar_provisional', toString(provisional)) AS evidence
FROM ({{case_subjects}})
ARRAY JOIN k_clock AS clock, k_no AS no, k_start_at AS start_at, k_due_at AS due, k_stop_at AS stop_at, k_limit AS limit, k_paused_days AS paused, k_provisional AS provisional
WHERE clock = 'K1' AND h_excluded[-1] != 'incomplete' AND notEmpty(steps)

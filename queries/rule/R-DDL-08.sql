-- purpose: Step late: a step took longer than its limit although the case was on time.
-- grain: one row per run of a step (K6) that was, or will be, late
-- include: workdays, rule_steps, limit_history, case_subjects
-- param: yellow_factor UInt16 = how many times the limit is yellow
-- source: domain guide 6.2, R-DDL-08; 2.3 (K6)
-- Yellow from 00:00 of the working day with which the step has taken yellow_factor
-- times its limit, at the earliest on the day after the limit. Pauses are left out in
-- the order in which they began: one that begins when the time is over moves nothing,
-- and one that begins on the day of the yellow card comes after it.
-- Steps are announced only while the case itself is not overdue (R-DDL-03 charges
-- that) and never within the approved days of a pause: they wait for its end. In a pause
-- whose end is not known (a fee that is not paid) a step has no due. A
-- step that was never closed ends with the case. Both severities stay on record
-- (modes B, C). The card goes to the organisation that did the step: of steps
-- that began at one instant it is the one that ended with the clock.
SELECT
    source_sys, case_no AS subject_no, clock_no, if(step_org = '', org_code, step_org) AS org_code, region_code, task_code, window_id,
    arrayFirst((x, k, t, o) -> k = 'step_start' AND t = start_at AND (o = step_org OR step_org = ''), f_staff, f_type, f_at, f_org) AS staff_id,
    steps,
    due AS due_at,
    map('clock', concat('K6/', toString(no)), 'step', step, 'started_at', toString(start_at),
        'stopped_at', ifNull(toString(stop_at), ''), 'limit_days', ifNull(toString(limit), ''), 'paused_days', toString(paused), 'calendar', calendar_version, 'calendar_provisional', toString(provisional)) AS evidence
FROM
(
    WITH
    {{workdays}},
    {{rule_steps}}
    SELECT *, instance(clock, no) AS clock_no, if((arrayFirstIndex((t, e) -> t = start_at AND ifNull(e = stop_at, false), s_start_at, s_end_at) AS closed_no) > 0, closed_no, arrayFirstIndex((t, e) -> t = start_at AND isNull(e), s_start_at, s_end_at)) AS step_no, toString(s_org[step_no]) AS step_org, toString(s_step[step_no]) AS step,
        arrayFilter(s -> s.1 < forever AND (isNull(over_at) OR s.1 < assumeNotNull(over_at)),
            reached(if(yellow_at = late_at, [(yellow_at, 'yellow')], [(late_at, 'warning'), (yellow_at, 'yellow')]), ended_at)) AS steps
    FROM
    (
        WITH
        {{workdays}},
        {{rule_steps}},
        t -> arrayMap(p -> if(isNull(p), t, greatest(t, after(assumeNotNull(p)))), [h_pause_until[arrayLastIndex(x -> x <= t, h_at)]])[1] AS after_pause
        SELECT *, after_pause(surely(start_day, local_day(assumeNotNull(due)), after(assumeNotNull(due)))) AS late_at,
            greatest(late_at, after_pause(surely(start_day, yellow_day, day_start(yellow_day)))) AS yellow_at,
            coalesce(stop_at, if(h_state[-1] IN ('submitted', 'correcting', 'accepted', 'processing', 'suspended'), NULL, coalesce(h_stop_at[-1], h_at[-1]))) AS ended_at
        FROM
        (
            WITH
            {{workdays}},
            {{rule_steps}}
            SELECT *, add_wd(start_day, grave + arrayFold(
                (acc, from, until) -> if(until > greatest(from, acc.2) AND from < add_wd(start_day, grave + acc.1), (toInt64(acc.1 + count_wd(greatest(from, acc.2), until)), until), acc),
                p_from, p_until, (toInt64(0), start_day)).1) AS yellow_day
            FROM
            (
            WITH
            {{workdays}}
            SELECT *, clock, no, start_at, due, stop_at, limit, paused, provisional, local_day(start_at) AS start_day,
                toInt64(greatest(assumeNotNull(limit) * {yellow_factor:UInt16}, assumeNotNull(limit) + 1)) AS grave,
                arrayMap(t -> local_day(t), p_from_at) AS p_from, arrayMap((a, b) -> local_day(least(ifNull(b, a), ifNull(stop_at, ifNull(b, a)))), p_from_at, p_until_at) AS p_until
            FROM
            (
                WITH
                {{workdays}},
                {{rule_steps}},
                {{limit_history}}
                SELECT *, over(h_promise_due, h_pause_until) AS over_at
                FROM ({{case_subjects}})
                WHERE has(k_clock, 'K6') AND h_excluded[-1] != 'incomplete'
            )
            ARRAY JOIN k_clock AS clock, k_no AS no, k_start_at AS start_at, k_due_at AS due, k_stop_at AS stop_at, k_limit AS limit, k_paused_days AS paused, k_provisional AS provisional
            WHERE clock = 'K6' AND isNotNull(due)
            )
        )
    )
)
WHERE notEmpty(steps)

-- purpose: Retro-entry: acceptance and end were entered long afterwards, or all steps within a minute.
-- grain: one row per case that looks entered afterwards
-- include: case_subjects
-- param: late_hours UInt16 = a push is late when it comes more than this after the legal moment
-- param: step_seconds UInt16 = all steps within this time are too fast
-- source: domain guide 6.2, R-PRC-03; 2.6 (late push); 9.2 (automatic approval)
-- (1) pushed_late: acceptance and finish were both pushed more than late_hours after
-- their legal moment, by the push time that the source itself gives (emit_time);
-- without it nothing is said. It holds from the first instant at which both are late.
-- (2) stamped: every start and end of a step, of at least two steps, lies within
-- step_seconds, in a finished case whose promise is at least one day; known with
-- the finish. Automatic approval (channel auto) is exempt from both.
WITH
arrayFirstIndex(k -> k = 'accept', f_type) AS a,
arrayLastIndex((k, legal, s) -> k = 'finish' AND (legal OR s = 'suspended'), f_type, f_legal, f_state) AS i,
x -> ifNull(dateDiff('millisecond', f_at[x], f_pushed_at[x]), 0) AS lag_ms,
toInt64({late_hours:UInt16}) * 3600000 AS late_ms,
a > 0 AND i > 0 AND lag_ms(a) > late_ms AND lag_ms(i) > late_ms AS pushed_late,
arrayFilter((t, k) -> k IN ('step_start', 'step_end'), f_at, f_type) AS stamps,
i > 0 AND length(arrayDistinct(s_step)) > 1 AND dateDiff('millisecond', arrayMin(stamps), arrayMax(stamps)) <= toInt64({step_seconds:UInt16}) * 1000
    AND project_type != 'immediate' AND ifNull(arrayLast((x, c) -> c = 'K3', k_limit, k_clock) > 0, false) AS stamped,
addMilliseconds(greatest(f_at[a], f_at[i]), late_ms + 1) AS late_at
SELECT
    source_sys, case_no AS subject_no, '' AS clock_no, org_code, region_code, task_code,
    if(f_window[i] = '', window_id, f_window[i]) AS window_id, if(f_staff[i] = '', staff_id, f_staff[i]) AS staff_id,
    [(if(stamped, f_at[i], late_at), 'yellow')] AS steps,
    CAST(NULL, 'Nullable(DateTime64(3, \'UTC\'))') AS due_at,
    map('reasons', arrayStringConcat(arrayFilter(r -> r != '', [if(pushed_late, 'pushed_late', ''), if(stamped, 'stamped', '')]), ', '),
        'accept_lag_s', toString(intDiv(lag_ms(a), 1000)), 'finish_lag_s', toString(intDiv(lag_ms(i), 1000)), 'steps', toString(length(arrayDistinct(s_step))),
        'steps_span_s', if(empty(stamps), '', toString(intDiv(dateDiff('millisecond', arrayMin(stamps), arrayMax(stamps)), 1000)))) AS evidence
FROM ({{case_subjects}})
WHERE channel != 'auto' AND h_excluded[-1] != 'incomplete' AND (pushed_late OR stamped)

-- Cases behind D01 and D08: stopped in the period with a promised due, or open
-- at its end past the promised due (C1).
-- include: cases_in_periods
SELECT
    *,
    if(is_stopped_here, promise_due, promise_due_then) AS due_at,
    is_stopped_here AND ifNull(stop_at <= promise_due, false) AS in_numerator,
    true AS in_denominator,
    if(is_stopped_here, assumeNotNull(stop_at), subtractMilliseconds(period_until, 1)) AS bucket_at
FROM ({{cases_in_periods}})
WHERE (is_stopped_here AND isNotNull(promise_due)) OR (is_running_then AND ifNull(promise_due_then < period_at, false))

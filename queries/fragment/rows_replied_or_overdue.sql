-- Tickets behind F06: replied in the period with a due, or without reply at its
-- end and past the due (C1).
-- include: tickets_in_periods
SELECT
    *,
    if(is_stopped_here, due_known, due_then) AS due_at,
    is_stopped_here AND ifNull(stop_at <= due_known, false) AS in_numerator,
    true AS in_denominator,
    if(is_stopped_here, assumeNotNull(stop_at), subtractMilliseconds(period_until, 1)) AS bucket_at
FROM ({{tickets_in_periods}})
WHERE (is_stopped_here AND isNotNull(due_known)) OR (is_running_then AND ifNull(due_then < period_at, false))

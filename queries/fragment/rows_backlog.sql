-- Cases open at the end of the period and past their promised due (C1).
-- include: cases_in_periods
SELECT *, promise_due_then AS due_at, true AS in_numerator, true AS in_denominator, subtractMilliseconds(period_until, 1) AS bucket_at
FROM ({{cases_in_periods}})
WHERE is_running_then AND ifNull(promise_due_then < period_at, false)

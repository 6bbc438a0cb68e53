-- Cases open at the end of the period; without those whose beginning has not come.
-- include: cases_in_periods
SELECT *, promise_due_then AS due_at, true AS in_numerator, true AS in_denominator, subtractMilliseconds(period_until, 1) AS bucket_at
FROM ({{cases_in_periods}})
WHERE is_open_then AND excluded_then NOT IN ('void', 'test', 'secret', 'incomplete')

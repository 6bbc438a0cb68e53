-- Cases behind D03: as D01 with the legal due. A case that ended without a result is judged
-- by this due, not by the promise: before it, it is out (C2, C3), after it, it was late.
-- include: cases_in_periods
SELECT
    *,
    if(is_stopped_by_law_here, legal_due, legal_due_then) AS due_at,
    is_stopped_by_law_here AND ifNull(stop_at <= legal_due, false) AS in_numerator,
    true AS in_denominator,
    if(is_stopped_by_law_here, assumeNotNull(stop_at), subtractMilliseconds(period_until, 1)) AS bucket_at
FROM ({{cases_in_periods}})
WHERE (is_stopped_by_law_here AND isNotNull(legal_due)) OR (is_running_by_law_then AND ifNull(legal_due_then < period_at, false))

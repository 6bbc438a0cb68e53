-- Tickets behind F06: replied in the period with a due, or without reply at its
-- end and past the due (C1). A due that was missed counts as missed, with who held the
-- ticket then, whatever came after it: a redo order, a new holder, more time.
-- param: org String ? = organisation that answers for the ticket (C8); empty = all
-- include: org_filter, tickets_in_periods
SELECT *
FROM
(
    SELECT
        * REPLACE (if(isNotNull(missed_due), missed_org, org_code) AS org_code),
        coalesce(missed_due, if(is_stopped_here, due_known, due_then)) AS due_at,
        is_stopped_here AND ifNull(stop_at <= due_at, false) AS in_numerator,
        true AS in_denominator,
        if(is_stopped_here, assumeNotNull(stop_at), subtractMilliseconds(period_until, 1)) AS bucket_at
    FROM ({{tickets_in_periods}})
    WHERE (is_stopped_here AND isNotNull(due_at)) OR (is_running_then AND ifNull(due_at < period_at, false))
)
WHERE {{org_filter}}

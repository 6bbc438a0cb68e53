-- Tickets behind F07: dispatched, with a due in the period; the numerator those
-- closed by its end. A due that was missed stays the one that counts, for who had the ticket then: more
-- time, or a redo order, takes it into no other period.
-- param: org String ? = organisation that answers for the ticket (C8); empty = all
-- include: org_filter, tickets_in_periods
SELECT
    * REPLACE (if(isNotNull(missed_then), missed_org_then, org_then) AS org_code),
    coalesce(missed_then, due_then) AS due_at,
    isNotNull(closed_then) AS in_numerator,
    true AS in_denominator,
    assumeNotNull(due_at) AS bucket_at
FROM ({{tickets_in_periods}})
WHERE {{org_filter}} AND excluded_then = '' AND isNotNull(dispatched_then) AND due_at >= period_from AND due_at < period_until

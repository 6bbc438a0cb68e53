-- Tickets behind F07: dispatched, with a due in the period; the numerator those
-- closed by its end.
-- param: org String ? = organisation that answers for the ticket (C8); empty = all
-- include: org_filter, tickets_in_periods
SELECT
    *,
    due_then AS due_at,
    isNotNull(closed_then) AS in_numerator,
    true AS in_denominator,
    assumeNotNull(due_then) AS bucket_at
FROM ({{tickets_in_periods}})
WHERE {{org_filter}} AND excluded_then = '' AND isNotNull(dispatched_then) AND due_then >= period_from AND due_then < period_until

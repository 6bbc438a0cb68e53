-- purpose: Tickets replied on time (按时办结率).
-- grain: one row per group
-- column: numerator UInt64 = tickets replied in the period by their due
-- column: denominator UInt64 = tickets replied in the period with a due, and tickets past it without reply at the end
-- source: domain guide 5.7, F06
-- dims: ticket
-- include: movements_then, movement_ratio, movement_ratio_timed
WITH counted AS
(
    SELECT * REPLACE (CAST(org_code, 'String') AS org_code), measure = 'answered' AND bitTest(facets, 0) AS in_numerator, true AS in_denominator
    FROM ({{movements_then}})
    WHERE measure IN ('answered', 'late')
)
{{movement_ratio{{timed}}}}

-- purpose: Tickets closed (办结率) of those dispatched and due.
-- grain: one row per group
-- column: numerator UInt64 = tickets closed by the end of the period
-- column: denominator UInt64 = tickets dispatched whose due lies in the period
-- source: domain guide 5.7, F07
-- dims: ticket
-- include: movements_then, movement_ratio, movement_ratio_timed
WITH counted AS
(
    SELECT * REPLACE (CAST(org_code, 'String') AS org_code), bitTest(facets, 0) AS in_numerator, true AS in_denominator
    FROM ({{movements_then}})
    WHERE measure = 't_due'
)
{{movement_ratio{{timed}}}}

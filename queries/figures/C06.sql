-- purpose: Clearance (收办比): finished by accepted.
-- grain: one row per group
-- column: numerator UInt64 = cases finished in the period
-- column: denominator UInt64 = cases accepted in the period
-- source: domain guide 5.4, C06
-- dims: case
-- include: movements_then, movement_ratio, movement_ratio_timed
WITH counted AS
(
    SELECT *, measure = 'finished' AS in_numerator, measure = 'accepted' AND bitTest(facets, 0) AS in_denominator
    FROM ({{movements_then}})
    WHERE measure IN ('finished', 'accepted')
)
{{movement_ratio{{timed}}}}

-- purpose: On-time rate of those due in the period (到期批次按时率).
-- grain: one row per group
-- column: numerator UInt64 = cases stopped by their promised due
-- column: denominator UInt64 = cases whose promised due lies in the period
-- source: domain guide 5.5, D02
-- dims: case
-- include: movements_then, movement_ratio, movement_ratio_timed
WITH counted AS
(
    SELECT *, bitTest(facets, 0) AS in_numerator, true AS in_denominator
    FROM ({{movements_then}})
    WHERE measure = 'due'
)
{{movement_ratio{{timed}}}}

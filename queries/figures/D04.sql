-- purpose: Early rate (提前办结率).
-- grain: one row per group
-- column: numerator UInt64 = cases stopped one working day or more before their promised due
-- column: denominator UInt64 = cases stopped in the period with a promised due, immediate items left out
-- source: domain guide 5.5, D04
-- dims: case
-- include: movements_then, movement_ratio, movement_ratio_timed
WITH counted AS
(
    SELECT *, bitTest(facets, 1) AS in_numerator, bitTest(facets, 0) AS in_denominator
    FROM ({{movements_then}})
    WHERE measure = 'ended'
)
{{movement_ratio{{timed}}}}

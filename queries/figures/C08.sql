-- purpose: Fully online cases (全流程网办率).
-- grain: one row per group
-- column: numerator UInt64 = finished cases applied for online, without a visit, delivered online or by post
-- column: denominator UInt64 = cases finished in the period
-- source: domain guide 5.4, C08
-- dims: case
-- include: movements_then, movement_ratio, movement_ratio_timed
WITH counted AS
(
    SELECT *, bitTest(facets, 0) AS in_numerator, true AS in_denominator
    FROM ({{movements_then}})
    WHERE measure = 'finished'
)
{{movement_ratio{{timed}}}}

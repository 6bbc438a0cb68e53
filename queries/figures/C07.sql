-- purpose: Online take-up (网上办理率).
-- grain: one row per group
-- column: numerator UInt64 = cases applied for online (web, app, mini_program, auto)
-- column: denominator UInt64 = cases applied for in the period
-- source: domain guide 5.4, C07
-- dims: case
-- include: movements_then, movement_ratio, movement_ratio_timed
WITH counted AS
(
    SELECT *, bitTest(facets, 0) AND channel IN ('web', 'app', 'mini_program', 'auto') AS in_numerator, bitTest(facets, 0) AS in_denominator
    FROM ({{movements_then}})
    WHERE measure = 'applied'
)
{{movement_ratio{{timed}}}}

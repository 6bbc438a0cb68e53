-- purpose: Finished cases (办结量).
-- grain: one row per group
-- column: numerator UInt64 = cases finished in the period
-- source: domain guide 5.4, C03
-- dims: case
-- include: movements_then, movement_count, movement_count_timed
WITH counted AS
(
    SELECT *, true AS in_numerator, false AS in_denominator
    FROM ({{movements_then}})
    WHERE measure = 'finished'
)
{{movement_count{{timed}}}}

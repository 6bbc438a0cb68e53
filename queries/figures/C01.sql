-- purpose: Applications (申请量).
-- grain: one row per group
-- column: numerator UInt64 = cases applied for in the period
-- source: domain guide 5.4, C01
-- dims: case
-- include: movements_then, movement_count, movement_count_timed
WITH counted AS
(
    SELECT *, true AS in_numerator, false AS in_denominator
    FROM ({{movements_then}})
    WHERE measure = 'applied'
)
{{movement_count{{timed}}}}

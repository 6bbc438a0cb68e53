-- purpose: Open cases (在办量) at the end of the period.
-- grain: one row per group
-- column: numerator UInt64 = cases open at the end of the period
-- source: domain guide 5.4, C04
-- dims: case
-- include: movements_then, movement_count, movement_count_timed
WITH counted AS
(
    SELECT *, true AS in_numerator, false AS in_denominator
    FROM ({{movements_then}})
    WHERE measure = 'open'
)
{{movement_count{{timed}}}}

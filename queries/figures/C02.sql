-- purpose: Acceptances (受理量); deemed acceptance counts.
-- grain: one row per group
-- column: numerator UInt64 = cases accepted in the period
-- source: domain guide 5.4, C02
-- dims: case
-- include: movements_then, movement_count, movement_count_timed
WITH counted AS
(
    SELECT *, true AS in_numerator, false AS in_denominator
    FROM ({{movements_then}})
    WHERE measure = 'accepted'
)
{{movement_count{{timed}}}}

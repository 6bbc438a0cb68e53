-- purpose: Hotline tickets (受理量).
-- grain: one row per group
-- column: numerator UInt64 = tickets received in the period
-- source: domain guide 5.7, F01
-- dims: ticket
-- include: movements_then, movement_count, movement_count_timed
WITH counted AS
(
    SELECT * REPLACE (CAST(org_code, 'String') AS org_code), true AS in_numerator, false AS in_denominator
    FROM ({{movements_then}})
    WHERE measure = 'received'
)
{{movement_count{{timed}}}}

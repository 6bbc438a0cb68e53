-- purpose: Backlog (积压量): open and past the promised due at the end of the period.
-- grain: one row per group
-- column: numerator UInt64 = cases open and past due
-- source: domain guide 5.4, C05
-- dims: case
-- include: movements_then, movement_count, movement_count_timed
WITH counted AS
(
    SELECT *, true AS in_numerator, false AS in_denominator
    FROM ({{movements_then}})
    WHERE measure = 'overdue'
)
{{movement_count{{timed}}}}

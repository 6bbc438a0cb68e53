-- purpose: On-time rate by the statutory limit (法定时限办结率).
-- grain: one row per group
-- column: numerator UInt64 = cases stopped in the period by their statutory due
-- column: denominator UInt64 = cases stopped in the period with a statutory due, and cases open past it at the end
-- source: domain guide 5.5, D03
-- dims: case
-- include: movements_then, movement_ratio, movement_ratio_timed
WITH counted AS
(
    SELECT *, measure = 'stopped' AND bitTest(facets, 3) AS in_numerator, measure = 'overdue_law' OR bitTest(facets, 2) AS in_denominator
    FROM ({{movements_then}})
    WHERE measure IN ('stopped', 'overdue_law')
)
{{movement_ratio{{timed}}}}

-- purpose: On-time rate (按时办结率): what is open and overdue counts against it in every period.
-- grain: one row per group
-- column: numerator UInt64 = cases stopped in the period by their promised due
-- column: denominator UInt64 = cases stopped in the period with a promised due, and cases open past it at the end
-- source: domain guide 5.5, D01
-- dims: case
-- include: movements_then, movement_ratio, movement_ratio_timed
WITH counted AS
(
    SELECT *, measure = 'stopped' AND bitTest(facets, 1) AS in_numerator, measure = 'overdue' OR bitTest(facets, 0) AS in_denominator
    FROM ({{movements_then}})
    WHERE measure IN ('stopped', 'overdue')
)
{{movement_ratio{{timed}}}}

-- purpose: On-time rate (按时办结率): what is open and overdue counts against it in every period.
-- grain: one row per group
-- column: numerator UInt64 = cases stopped in the period by their promised due
-- column: denominator UInt64 = cases stopped in the period with a promised due, and cases open past it at the end
-- source: domain guide 5.5, D01
-- dims: case
-- include: rows_stopped_or_overdue, ratio
WITH figure_rows AS
(
{{rows_stopped_or_overdue}}
)
{{ratio}}

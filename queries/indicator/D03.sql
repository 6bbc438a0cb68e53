-- purpose: On-time rate by the statutory limit (法定时限办结率).
-- grain: one row per group
-- column: numerator UInt64 = cases stopped in the period by their statutory due
-- column: denominator UInt64 = cases stopped in the period with a statutory due, and cases open past it at the end
-- source: domain guide 5.5, D03
-- dims: case
-- include: rows_legal, ratio
WITH figure_rows AS
(
{{rows_legal}}
)
{{ratio}}

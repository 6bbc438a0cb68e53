-- purpose: On-time rate of those due in the period (到期批次按时率).
-- grain: one row per group
-- column: numerator UInt64 = cases stopped by their promised due
-- column: denominator UInt64 = cases whose promised due lies in the period
-- source: domain guide 5.5, D02
-- dims: case
-- include: rows_due, ratio
WITH figure_rows AS
(
{{rows_due}}
)
{{ratio}}

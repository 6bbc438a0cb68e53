-- purpose: Open cases (在办量) at the end of the period.
-- grain: one row per group
-- column: numerator UInt64 = cases open at the end of the period
-- source: domain guide 5.4, C04
-- dims: case
-- include: rows_open, count
WITH figure_rows AS
(
{{rows_open}}
)
{{count}}

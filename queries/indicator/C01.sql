-- purpose: Applications (申请量).
-- grain: one row per group
-- column: numerator UInt64 = cases applied for in the period
-- source: domain guide 5.4, C01
-- dims: case
-- include: rows_applied, count
WITH figure_rows AS
(
{{rows_applied}}
)
{{count}}

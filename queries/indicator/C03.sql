-- purpose: Finished cases (办结量).
-- grain: one row per group
-- column: numerator UInt64 = cases finished in the period
-- source: domain guide 5.4, C03
-- dims: case
-- include: rows_finished, count
WITH figure_rows AS
(
{{rows_finished}}
)
{{count}}

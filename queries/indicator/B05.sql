-- purpose: Double entry (二次录入率).
-- grain: one row per group
-- column: numerator UInt64 = cases that the same applicant applied for in another source too, the same item within a day
-- column: denominator UInt64 = cases applied for in the period
-- source: domain guide 5.3, B05
-- dims: case
-- include: rows_double, ratio
WITH figure_rows AS
(
{{rows_double}}
)
{{ratio}}

-- purpose: Clearance (收办比): finished by accepted.
-- grain: one row per group
-- column: numerator UInt64 = cases finished in the period
-- column: denominator UInt64 = cases accepted in the period
-- source: domain guide 5.4, C06
-- dims: case
-- include: rows_clearance, ratio
WITH figure_rows AS
(
{{rows_clearance}}
)
{{ratio}}

-- purpose: Online take-up (网上办理率).
-- grain: one row per group
-- column: numerator UInt64 = cases applied for online (web, app, mini_program, auto)
-- column: denominator UInt64 = cases applied for in the period
-- source: domain guide 5.4, C07
-- dims: case
-- include: rows_digital, ratio
WITH figure_rows AS
(
{{rows_digital}}
)
{{ratio}}

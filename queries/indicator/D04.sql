-- purpose: Early rate (提前办结率).
-- grain: one row per group
-- column: numerator UInt64 = cases stopped one working day or more before their promised due
-- column: denominator UInt64 = cases stopped in the period with a promised due, immediate items left out
-- source: domain guide 5.5, D04
-- dims: case
-- include: rows_early, ratio
WITH figure_rows AS
(
{{rows_early}}
)
{{ratio}}

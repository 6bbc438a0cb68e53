-- purpose: Visits per case (实际跑动次数).
-- grain: one row per group
-- column: numerator Float64 = visits
-- column: denominator Float64 = cases finished in the period
-- source: domain guide 5.4, C11
-- dims: case
-- evidence: list_cases
-- include: rows_finished, sums
-- An application in the hall is one visit at least.
WITH figure_rows AS
(
SELECT *, toFloat64(if(channel = 'hall', greatest(visits, 1), visits)) AS part, 1. AS whole
FROM ({{rows_finished}})
)
{{sums}}

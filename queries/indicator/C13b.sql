-- purpose: Cases corrected twice (二次补正率).
-- grain: one row per group
-- column: numerator UInt64 = cases with two correction notices or more
-- column: denominator UInt64 = cases applied for in the period
-- source: domain guide 5.4, C13
-- dims: case
-- evidence: list_cases
-- include: rows_applied, ratio
-- A pre-review rejection is a notice.
WITH figure_rows AS
(
SELECT * REPLACE (corrections >= 2 AS in_numerator)
FROM ({{rows_applied}})
WHERE excluded != 'incomplete'
)
{{ratio}}

-- purpose: Cases with a special procedure (特别程序率).
-- grain: one row per group
-- column: numerator UInt64 = those with a special procedure
-- column: denominator UInt64 = cases accepted in the period
-- source: domain guide 5.4, C15
-- dims: case
-- evidence: list_cases
-- include: rows_accepted, ratio
-- By the cohort of acceptance.
WITH figure_rows AS
(
SELECT * REPLACE (suspensions > 0 AS in_numerator)
FROM ({{rows_accepted}})
WHERE excluded != 'incomplete'
)
{{ratio}}

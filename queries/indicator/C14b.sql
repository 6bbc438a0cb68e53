-- purpose: Cases terminated (终止率).
-- grain: one row per group
-- column: numerator UInt64 = those terminated
-- column: denominator UInt64 = cases accepted in the period
-- source: domain guide 5.4, C14
-- dims: case
-- evidence: list_cases
-- include: rows_accepted, ratio
-- By the cohort of acceptance.
WITH figure_rows AS
(
SELECT * REPLACE (state = 'terminated' AS in_numerator)
FROM ({{rows_accepted}})
WHERE excluded != 'incomplete'
)
{{ratio}}

-- purpose: Cases withdrawn (撤件率).
-- grain: one row per group
-- column: numerator UInt64 = those withdrawn
-- column: denominator UInt64 = cases accepted in the period
-- source: domain guide 5.4, C14
-- dims: case
-- evidence: list_cases
-- include: rows_accepted, ratio
-- By the cohort of acceptance.
WITH figure_rows AS
(
SELECT * REPLACE (state = 'withdrawn' AS in_numerator)
FROM ({{rows_accepted}})
WHERE excluded != 'incomplete'
)
{{ratio}}

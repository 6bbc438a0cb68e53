-- purpose: Cases denied (不予许可率).
-- grain: one row per group
-- column: numerator UInt64 = cases denied
-- column: denominator UInt64 = cases finished in the period whose result is known
-- source: domain guide 5.4, C12
-- dims: case
-- evidence: list_cases
-- include: rows_finished, ratio
WITH figure_rows AS
(
SELECT * REPLACE (result_then = 'denied' AS in_numerator)
FROM ({{rows_finished}})
WHERE result_then != ''
)
{{ratio}}

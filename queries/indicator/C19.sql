-- purpose: Cases decided by the machine (智能审批占比).
-- grain: one row per group
-- column: numerator UInt64 = cases that were decided automatically
-- column: denominator UInt64 = cases finished in the period
-- source: domain guide 5.4, C19
-- dims: case
-- evidence: list_cases
-- include: rows_finished, ratio
WITH figure_rows AS
(
SELECT * REPLACE (channel = 'auto' AS in_numerator)
FROM ({{rows_finished}})
)
{{ratio}}

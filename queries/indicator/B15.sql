-- purpose: Cases with the required credit check (信用联动率).
-- grain: one row per group
-- column: numerator Float64 = cases with a credit check
-- column: denominator Float64 = cases that need one
-- source: domain guide 5.3, B15
-- dims: total
-- evidence: list_measurements
-- include: measured_flow, sums
WITH figure_rows AS
(
SELECT *, `values`['done'] AS part, `values`['required'] AS whole
FROM ({{measured_flow}})
WHERE name = 'credit_checks' AND mapContains(`values`, 'done') AND mapContains(`values`, 'required')
)
{{sums}}

-- purpose: Guides without an error (办事指南准确率).
-- grain: one row per group
-- column: numerator Float64 = sampled items without an error
-- column: denominator Float64 = sampled items
-- source: domain guide 5.2, A11
-- dims: total
-- evidence: list_measurements
-- include: measured_flow, sums
WITH figure_rows AS
(
SELECT *, `values`['without_error'] AS part, `values`['checked'] AS whole
FROM ({{measured_flow}})
WHERE name = 'guide_checks' AND mapContains(`values`, 'without_error') AND mapContains(`values`, 'checked')
)
{{sums}}

-- purpose: Spot checks passed (抽查合格率).
-- grain: one row per group
-- column: numerator Float64 = checks that were passed
-- column: denominator Float64 = mystery shopping and random checks of the period
-- source: domain guide 5.8, G12
-- dims: total
-- evidence: list_measurements
-- include: measured_flow, sums
WITH figure_rows AS
(
SELECT *, `values`['passed'] AS part, `values`['checks'] AS whole
FROM ({{measured_flow}})
WHERE name = 'spot_checks' AND mapContains(`values`, 'passed') AND mapContains(`values`, 'checks')
)
{{sums}}

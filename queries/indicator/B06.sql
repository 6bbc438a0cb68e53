-- purpose: Departments on the exchange platform (接入部门数).
-- grain: one row per group
-- column: numerator Nullable(Float64) = departments that are connected
-- source: domain guide 5.3, B06
-- dims: total
-- evidence: list_measurements
-- include: measured_stock, amount
WITH figure_rows AS
(
SELECT *, `values`['orgs'] AS part, 0. AS whole
FROM ({{measured_stock}})
WHERE name = 'exchange_platform' AND mapContains(`values`, 'orgs')
)
{{amount}}

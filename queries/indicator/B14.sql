-- purpose: Systems on the unified login (统一认证接入率).
-- grain: one row per group
-- column: numerator Float64 = systems on the unified login
-- column: denominator Float64 = registered systems
-- source: domain guide 5.3, B14
-- dims: total
-- evidence: list_measurements
-- include: measured_stock, sums
-- The last register by the end of the period.
WITH figure_rows AS
(
SELECT *, `values`['unified_login'] AS part, `values`['registered'] AS whole
FROM ({{measured_stock}})
WHERE name = 'system_register' AND mapContains(`values`, 'unified_login') AND mapContains(`values`, 'registered')
)
{{sums}}

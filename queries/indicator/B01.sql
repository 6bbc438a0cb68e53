-- purpose: Connected systems (系统对接率).
-- grain: one row per group
-- column: numerator Float64 = systems that are connected (data within 30 days)
-- column: denominator Float64 = registered systems
-- source: domain guide 5.3, B01
-- dims: total
-- evidence: list_measurements
-- include: measured_stock, sums
-- The last register by the end of the period.
WITH figure_rows AS
(
SELECT *, `values`['connected'] AS part, `values`['registered'] AS whole
FROM ({{measured_stock}})
WHERE name = 'system_register' AND mapContains(`values`, 'connected') AND mapContains(`values`, 'registered')
)
{{sums}}

-- purpose: Records exchanged (数据交换量).
-- grain: one row per group
-- column: numerator Nullable(Float64) = records exchanged
-- source: domain guide 5.3, B04
-- dims: total
-- evidence: list_measurements
-- include: measured_flow, amount
-- The exchange platform counts each row once.
WITH figure_rows AS
(
SELECT *, `values`['records'] AS part, 0. AS whole
FROM ({{measured_flow}})
WHERE name = 'exchange' AND mapContains(`values`, 'records')
)
{{amount}}

-- purpose: Data on the exchange platform (共享数据容量).
-- grain: one row per group
-- column: numerator Nullable(Float64) = terabytes
-- source: domain guide 5.3, B06
-- dims: total
-- evidence: list_measurements
-- include: measured_stock, amount
WITH figure_rows AS
(
SELECT *, `values`['terabytes'] AS part, 0. AS whole
FROM ({{measured_stock}})
WHERE name = 'exchange_platform' AND mapContains(`values`, 'terabytes')
)
{{amount}}

-- purpose: Items whose cases arrive automatically (事项数据对接率).
-- grain: one row per group
-- column: numerator Float64 = items whose cases arrive automatically
-- column: denominator Float64 = items to be connected
-- source: domain guide 5.3, B02
-- dims: total
-- evidence: list_measurements
-- include: measured_stock, sums
-- The last register by the end of the period.
WITH figure_rows AS
(
SELECT *, `values`['connected'] AS part, `values`['items'] AS whole
FROM ({{measured_stock}})
WHERE name = 'item_connection' AND mapContains(`values`, 'connected') AND mapContains(`values`, 'items')
)
{{sums}}

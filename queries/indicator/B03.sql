-- purpose: Items by state of connection (对接状态分布).
-- grain: one row per group and class
-- column: numerator Float64 = items of the class
-- column: denominator Float64 = items of all five classes
-- source: domain guide 5.3, B03
-- dims: total
-- evidence: list_classes
-- include: measured_stock, shares
-- The last register by the end of the period.
WITH figure_rows AS
(
SELECT *, class, part, 0. AS whole
FROM ({{measured_stock}})
ARRAY JOIN mapKeys(`values`) AS class, mapValues(`values`) AS part
WHERE name = 'item_connection' AND class IN ('now', 'superior_agreed', 'fee_pending', 'province_first', 'superior_refused')
)
{{shares}}

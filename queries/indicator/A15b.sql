-- purpose: Items that the hall may decide (大厅授权率).
-- grain: one row per group
-- column: numerator UInt64 = items that the window may decide
-- column: denominator UInt64 = items that are in the hall
-- source: domain guide 5.2, A15
-- dims: item
-- evidence: list_items
-- include: items_in_force, ratio
WITH figure_rows AS
(
SELECT *, JSONExtractBool(payload, 'hall_authorised') AS in_numerator, true AS in_denominator
FROM ({{items_in_force}})
WHERE JSONExtractBool(payload, 'in_hall')
)
{{ratio}}

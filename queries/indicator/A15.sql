-- purpose: Items that are in the hall (大厅进驻率).
-- grain: one row per group
-- column: numerator UInt64 = items that are in the hall
-- column: denominator UInt64 = items that must be in the hall
-- source: domain guide 5.2, A15
-- dims: item
-- evidence: list_items
-- include: items_in_force, ratio
WITH figure_rows AS
(
SELECT *, JSONExtractBool(payload, 'in_hall') AS in_numerator, true AS in_denominator
FROM ({{items_in_force}})
WHERE JSONExtractBool(payload, 'hall_required')
)
{{ratio}}

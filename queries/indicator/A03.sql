-- purpose: Items that are fully online (全程网办率(事项)).
-- grain: one row per group
-- column: numerator UInt64 = items with online depth 4
-- column: denominator UInt64 = service items in force
-- source: domain guide 5.2, A03
-- dims: item
-- evidence: list_items
-- include: items_in_force, known_ratio
WITH figure_rows AS
(
SELECT *, ifNull(online_depth = 4, false) AS in_numerator, true AS in_denominator, isNotNull(online_depth) AS is_known
FROM ({{items_in_force}})
)
{{known_ratio}}

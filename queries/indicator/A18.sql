-- purpose: Items at township and village (基层可办事项数).
-- grain: one row per group
-- column: numerator UInt64 = items that a township or village accepts
-- source: domain guide 5.2, A18
-- dims: item
-- evidence: list_items
-- include: items_in_force, count
WITH figure_rows AS
(
SELECT *, true AS in_numerator, true AS in_denominator
FROM ({{items_in_force}})
WHERE length(region_code) IN (9, 12) OR hasAny(JSONExtract(payload, 'accept_levels', 'Array(String)'), ['township', 'village'])
)
{{count}}

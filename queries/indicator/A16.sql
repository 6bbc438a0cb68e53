-- purpose: Items on the phone (移动端可办数).
-- grain: one row per group
-- column: numerator UInt64 = items with a channel on the phone (app, mini_program)
-- source: domain guide 5.2, A16
-- dims: item
-- evidence: list_items
-- include: items_in_force, count
WITH figure_rows AS
(
SELECT *, true AS in_numerator, true AS in_denominator
FROM ({{items_in_force}})
WHERE hasAny(JSONExtract(payload, 'channels', 'Array(String)'), ['app', 'mini_program'])
)
{{count}}

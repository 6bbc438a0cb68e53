-- purpose: Items that can be applied for online (网上可办率).
-- grain: one row per group
-- column: numerator UInt64 = items with an online depth of 2 or more
-- column: denominator UInt64 = service items in force
-- source: domain guide 5.2, A01
-- dims: item
-- evidence: list_items
-- include: items_in_force, known_ratio
-- An item whose depth is not given counts in the denominator and is told apart; when none gives it, there is no figure.
WITH figure_rows AS
(
SELECT *, ifNull(online_depth >= 2, false) AS in_numerator, true AS in_denominator, isNotNull(online_depth) AS is_known
FROM ({{items_in_force}})
)
{{known_ratio}}

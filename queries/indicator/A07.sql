-- purpose: Immediate items (即办件占比).
-- grain: one row per group
-- column: numerator UInt64 = items with a promise of 0
-- column: denominator UInt64 = service items in force
-- source: domain guide 5.2, A07
-- dims: item
-- evidence: list_items
-- include: items_in_force, known_ratio
WITH figure_rows AS
(
SELECT *, ifNull(promise_days = 0, false) AS in_numerator, true AS in_denominator, isNotNull(promise_days) AS is_known
FROM ({{items_in_force}})
)
{{known_ratio}}

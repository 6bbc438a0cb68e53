-- purpose: Items done without a visit (零跑动率).
-- grain: one row per group
-- column: numerator UInt64 = items without a visit
-- column: denominator UInt64 = items in force that say the number of visits
-- source: domain guide 5.2, A05
-- dims: item
-- evidence: list_items
-- include: items_in_force, ratio
-- Items that do not say it are left out and show in A10; joint items stand apart by type of case.
WITH figure_rows AS
(
SELECT *, limit_visits = 0 AS in_numerator, true AS in_denominator
FROM ({{items_in_force}})
WHERE isNotNull(limit_visits)
)
{{ratio}}

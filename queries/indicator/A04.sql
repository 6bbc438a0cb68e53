-- purpose: Items done with one visit at most (最多跑一次率).
-- grain: one row per group
-- column: numerator UInt64 = items with one visit at most
-- column: denominator UInt64 = items in force that say the number of visits
-- source: domain guide 5.2, A04
-- dims: item
-- evidence: list_items
-- include: items_in_force, ratio
-- Items that do not say it are left out and show in A10; joint items stand apart by type of case.
WITH figure_rows AS
(
SELECT *, limit_visits <= 1 AS in_numerator, true AS in_denominator
FROM ({{items_in_force}})
WHERE isNotNull(limit_visits)
)
{{ratio}}

-- purpose: Promised visits per item (平均到场次数).
-- grain: one row per group
-- column: numerator Float64 = sum of the promised visits
-- column: denominator Float64 = items in force that say the number of visits
-- source: domain guide 5.2, A06
-- dims: item
-- evidence: list_items
-- include: items_in_force, sums
-- Items that do not say it are left out and show in A10; joint items stand apart by type of case.
WITH figure_rows AS
(
SELECT *, true AS in_numerator, true AS in_denominator, toFloat64(assumeNotNull(limit_visits)) AS part, 1. AS whole
FROM ({{items_in_force}})
WHERE isNotNull(limit_visits)
)
{{sums}}

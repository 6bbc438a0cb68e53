-- purpose: Promised limits shorter than before (较原承诺缩减率).
-- grain: one row per group
-- column: numerator Float64 = sum of the former less the present promises
-- column: denominator Float64 = sum of the former promises
-- source: domain guide 5.2, A09
-- dims: item
-- evidence: list_items
-- include: items_in_force, sums
-- Items with a former promise alone, in the unit of the present one.
WITH figure_rows AS
(
SELECT *, true AS in_numerator, true AS in_denominator, toFloat64(assumeNotNull(baseline_promise_days)) AS whole, whole - assumeNotNull(promise_days) AS part
FROM ({{items_in_force}})
WHERE baseline_promise_days > 0 AND isNotNull(promise_days)
)
{{sums}}

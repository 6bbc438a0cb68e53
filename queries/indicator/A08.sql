-- purpose: Promised limits shorter than the law (承诺时限压缩比).
-- grain: one row per group
-- column: numerator Float64 = sum of the legal less the promised limits (working days)
-- column: denominator Float64 = sum of the legal limits (working days)
-- source: domain guide 5.2, A08
-- dims: item
-- evidence: list_items
-- include: items_in_force, sums
-- Calendar days count as 5/7 of a working day, months as 30 of these, eight hours as one day; a promise over the legal limit counts as the legal one.
WITH figure_rows AS
(
WITH (n, u) -> multiIf(u = 'C', n * 5 / 7, u = 'M', n * 30 * 5 / 7, u = 'H', n / 8, n) AS workdays_of
SELECT *, true AS in_numerator, true AS in_denominator, toFloat64(workdays_of(assumeNotNull(legal_days), legal_unit)) AS whole, whole - least(whole, workdays_of(assumeNotNull(promise_days), promise_unit)) AS part
FROM ({{items_in_force}})
WHERE legal_days > 0 AND isNotNull(promise_days)
)
{{sums}}

-- purpose: Faster than the law allows (实际提速率).
-- grain: one row per group
-- column: numerator Float64 = sum of the legal limits less the days taken (working days)
-- column: denominator Float64 = sum of the legal limits (working days)
-- source: domain guide 5.5, D06
-- dims: case
-- evidence: list_cases
-- include: rows_stopped, sums
-- Stopped cases with a legal limit, in working days as in A08.
WITH figure_rows AS
(
WITH (n, u) -> multiIf(u = 'C', n * 5 / 7, u = 'M', n * 30 * 5 / 7, u = 'H', n / 8, n) AS workdays_of
SELECT *, toFloat64(workdays_of(assumeNotNull(law_days), law_unit)) AS whole, whole - assumeNotNull(net_days) AS part
FROM (SELECT *, arrayLast((n, c) -> c = 'K4', k_limit, k_clock) AS law_days, arrayLast((u, c) -> c = 'K4', k_unit, k_clock) AS law_unit FROM ({{rows_stopped}}))
WHERE law_days > 0 AND isNotNull(net_days)
)
{{sums}}

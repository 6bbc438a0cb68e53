-- purpose: Online cases finished (网上办结率).
-- grain: one row per group
-- column: numerator UInt64 = online cases finished in the period
-- column: denominator UInt64 = online cases accepted in the period
-- source: domain guide 5.4, C09
-- dims: case
-- evidence: list_cases
-- include: rows_clearance, ratio
WITH figure_rows AS
(
SELECT *
FROM ({{rows_clearance}})
WHERE is_online
)
{{ratio}}

-- purpose: Cards per 1,000 cases (千件发牌率).
-- grain: one row per group
-- column: numerator Float64 = yellow and red cards of the period
-- column: denominator Float64 = the denominator of D01
-- source: domain guide 5.8, G02
-- dims: total
-- evidence: list_mixed
-- include: cards, rows_stopped_or_overdue, scaled
-- Cards that were revoked or cancelled are out.
WITH figure_rows AS
(
SELECT 'card' AS row_kind, source_sys, alert_id AS id, toString(org_code) AS org_code, toString(region_code) AS region_code, bucket_at, 1. AS part, 0. AS whole, 1000. AS factor, true AS in_numerator, false AS in_denominator
FROM ({{cards}})
WHERE state NOT IN ('revoked', 'cancelled')
UNION ALL
SELECT 'case', toString(source_sys), case_no, toString(org_code), toString(region_code), bucket_at, 0., 1., 1000., false, true
FROM ({{rows_stopped_or_overdue}})
)
{{scaled}}

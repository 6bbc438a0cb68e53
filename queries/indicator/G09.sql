-- purpose: Complaints of shirking per 10,000 cases (首问负责投诉率).
-- grain: one row per group
-- column: numerator Float64 = tickets of the period that complain of shirking
-- column: denominator Float64 = cases applied for in the period
-- source: domain guide 5.8, G09
-- dims: total
-- evidence: list_mixed
-- include: rows_tickets, rows_applied, scaled
-- It counts for the organisation complained about (about_org), also when the ticket is hung.
WITH figure_rows AS
(
SELECT 'ticket' AS row_kind, toString(source_sys) AS source_sys, ticket_no AS id, if(about != '', about, toString(org_code)) AS org_code, toString(region_code) AS region_code, bucket_at, 1. AS part, 0. AS whole, 10000. AS factor, true AS in_numerator, false AS in_denominator
FROM (SELECT *, arrayLast(o -> o != '', arrayConcat([''], arrayMap((p, at) -> if(at <= {as_of:DateTime64(3,'UTC')}, JSONExtractString(p, 'about_org'), ''), f_payload, f_at))) AS about FROM ({{rows_tickets}}))
WHERE excluded IN ('', 'hung') AND has(arrayDistinct(arrayFlatten(arrayMap((p, at) -> if(at <= {as_of:DateTime64(3,'UTC')}, JSONExtract(p, 'tags', 'Array(String)'), []), f_payload, f_at))), 'shirking')
UNION ALL
SELECT 'case', toString(source_sys), case_no, toString(org_code), toString(region_code), bucket_at, 0., 1., 10000., false, true
FROM ({{rows_applied}})
WHERE excluded != 'incomplete'
)
{{scaled}}

-- purpose: Places with a connected service point (五级覆盖率).
-- grain: one row per group
-- column: numerator UInt64 = places with a connected service point
-- column: denominator UInt64 = provinces, cities, counties, townships and villages
-- source: domain guide 5.2, A17
-- dims: org
-- evidence: list_orgs
-- include: orgs_in_force, period_terms, period_array, stock_begin, region_filter, instant_until, ratio
-- A service point is what the directory calls one (service_point); places of provinces that have one, to be read by level.
WITH figure_rows AS
(
SELECT '' AS source_sys, '' AS org_code, '' AS org_line, region_code, gov_level, name, subtractMilliseconds(p.2, 1) AS bucket_at,
    (region_code, bucket_at) IN (SELECT region_code, bucket_at FROM ({{orgs_in_force}}) WHERE JSONExtractBool(payload, 'service_point')) AS in_numerator,
    true AS in_denominator
FROM
(
    WITH
        {{stock_begin}} AS begin,
        {{instant_until}} AS end,
        {{period_terms}}
    SELECT region_code, gov_level, name, p
    FROM (SELECT * FROM regions WHERE NOT is_virtual AND path[1] IN (SELECT path[1] FROM regions WHERE region_code IN (SELECT region_code FROM organisations WHERE JSONExtractBool(payload, 'service_point'))) ORDER BY edition DESC LIMIT 1 BY region_code)
    ARRAY JOIN {{period_array}} AS p
    WHERE {{region_filter}} AND {org:String} = '' AND {source:String} = ''
)
)
{{ratio}}

-- purpose: Cost per case (单位办件成本).
-- grain: one row per group
-- column: numerator Float64 = cost of handling (CNY)
-- column: denominator Float64 = cases finished in the period
-- source: domain guide 5.4, C21
-- dims: total
-- evidence: list_measurements
-- include: measured_flow, rows_finished, sums
-- Without cost there is no figure.
WITH figure_rows AS
(
SELECT source_sys, event_id, name, org_code, region_code, period_from, period_to, part, whole, whole = 0 AS in_numerator, whole > 0 AS in_denominator, bucket_at
FROM
(
    SELECT source_sys, event_id, name, org_code, region_code, period_from, period_to, `values`['cost'] AS part, 0. AS whole, bucket_at
    FROM ({{measured_flow}})
    WHERE name = 'handling_cost' AND mapContains(`values`, 'cost')
    UNION ALL
    SELECT toString(source_sys), '', 'finished', toString(org_code), toString(region_code), bucket_at, bucket_at, 0., 1., bucket_at
    FROM ({{rows_finished}})
    WHERE (SELECT count() FROM measurements WHERE name = 'handling_cost') > 0
)
)
{{sums}}

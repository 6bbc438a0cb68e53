-- purpose: Sharing requests answered on time (共享绩效).
-- grain: one row per group
-- column: numerator Float64 = requests that were answered on time
-- column: denominator Float64 = requests for data
-- source: domain guide 5.3, B13
-- dims: total
-- evidence: list_measurements
-- include: measured_flow, sums
WITH figure_rows AS
(
SELECT *, `values`['on_time'] AS part, `values`['requests'] AS whole
FROM ({{measured_flow}})
WHERE name = 'sharing_requests' AND mapContains(`values`, 'on_time') AND mapContains(`values`, 'requests')
)
{{sums}}

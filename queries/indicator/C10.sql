-- purpose: Online forms completed (完成率).
-- grain: one row per group
-- column: numerator Float64 = online forms that were submitted
-- column: denominator Float64 = online forms that were begun
-- source: domain guide 5.4, C10
-- dims: total
-- evidence: list_measurements
-- include: measured_flow, sums
WITH figure_rows AS
(
SELECT *, `values`['submitted'] AS part, `values`['started'] AS whole
FROM ({{measured_flow}})
WHERE name = 'online_forms' AND mapContains(`values`, 'submitted') AND mapContains(`values`, 'started')
)
{{sums}}

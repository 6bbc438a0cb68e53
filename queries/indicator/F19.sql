-- purpose: Numbers merged into 12345 (热线整合度).
-- grain: one row per group
-- column: numerator Float64 = numbers that were merged
-- column: denominator Float64 = numbers to be merged
-- source: domain guide 5.7, F19
-- dims: total
-- evidence: list_measurements
-- include: measured_stock, sums
-- The last register by the end of the period; 110, 119, 120 and 122 are never merged.
WITH figure_rows AS
(
SELECT *, `values`['merged'] AS part, `values`['to_merge'] AS whole
FROM ({{measured_stock}})
WHERE name = 'number_merge' AND mapContains(`values`, 'merged') AND mapContains(`values`, 'to_merge')
)
{{sums}}

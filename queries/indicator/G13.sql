-- purpose: Third-party score (第三方评估得分).
-- grain: one row per group
-- column: numerator Float64 = sum of the scores
-- column: denominator Float64 = number of assessments
-- source: domain guide 5.8, G13
-- dims: total
-- evidence: list_measurements
-- include: measured_flow, sums
WITH figure_rows AS
(
SELECT *, `values`['score'] AS part, 1. AS whole
FROM ({{measured_flow}})
WHERE name = 'third_party_score' AND mapContains(`values`, 'score')
)
{{sums}}

-- purpose: Steps over their limit (环节超时率).
-- grain: one row per group
-- column: numerator UInt64 = runs over their limit
-- column: denominator UInt64 = runs of steps with a limit, begun in the period
-- source: domain guide 5.5, D12
-- dims: step
-- evidence: list_cases
-- include: case_clocks, ratio
-- What is still within its time is left out; what is open past it has failed.
WITH figure_rows AS
(
SELECT * REPLACE (NOT in_numerator AS in_numerator), toString(s_step[arrayFirstIndex(t -> t = clock_start, s_start_at)]) AS step
FROM ({{case_clocks}})
WHERE clock = 'K6'
)
{{ratio}}

-- purpose: Pre-review in time (预审及时率).
-- grain: one row per group
-- column: numerator UInt64 = pre-reviews in time
-- column: denominator UInt64 = online pre-reviews begun in the period (K1)
-- source: domain guide 5.5, D10
-- dims: case
-- evidence: list_cases
-- include: case_clocks, ratio
-- What is still within its time is left out; what is open past it has failed.
WITH figure_rows AS
(
SELECT *
FROM ({{case_clocks}})
WHERE clock = 'K1'
)
{{ratio}}

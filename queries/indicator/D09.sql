-- purpose: Acceptance in time (受理及时率).
-- grain: one row per group
-- column: numerator UInt64 = acceptances or notices within five working days
-- column: denominator UInt64 = receipts of the period that were answered or are past (K2)
-- source: domain guide 5.5, D09
-- dims: case
-- evidence: list_cases
-- include: case_clocks, ratio
-- What is still within its time is left out; what is open past it has failed.
WITH figure_rows AS
(
SELECT *
FROM ({{case_clocks}})
WHERE clock = 'K2'
)
{{ratio}}

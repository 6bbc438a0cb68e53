-- purpose: Special procedures over their days (特别程序超期率).
-- grain: one row per group
-- column: numerator UInt64 = special procedures over their approved days
-- column: denominator UInt64 = special procedures begun in the period (K7)
-- source: domain guide 5.5, D15
-- dims: case
-- evidence: list_cases
-- include: case_clocks, ratio
-- What is still within its time is left out; what is open past it has failed.
WITH figure_rows AS
(
SELECT * REPLACE (NOT in_numerator AS in_numerator)
FROM ({{case_clocks}})
WHERE clock = 'K7'
)
{{ratio}}

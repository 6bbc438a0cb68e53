-- purpose: Share of finished cases that were rated (主动评价率).
-- grain: one row per group
-- column: numerator UInt64 = cases with a rating that a person gave
-- column: denominator UInt64 = cases finished in the period
-- source: domain guide 5.6, E01
-- dims: case
-- include: rows_rated, ratio
WITH figure_rows AS
(
{{rows_rated}}
)
{{ratio}}

-- purpose: Good ratings (好评率).
-- grain: one row per group
-- column: numerator UInt64 = valid ratings of level 3 to 5
-- column: denominator UInt64 = valid ratings given in the period
-- source: domain guide 5.6, E02
-- dims: rating
-- include: rows_good, ratio
WITH figure_rows AS
(
{{rows_good}}
)
{{ratio}}

-- purpose: Bad ratings (差评率).
-- grain: one row per group
-- column: numerator UInt64 = valid ratings of level 1 or 2
-- column: denominator UInt64 = valid ratings given in the period
-- source: domain guide 5.6, E04
-- dims: rating
-- include: rows_bad, ratio
WITH figure_rows AS
(
{{rows_bad}}
)
{{ratio}}

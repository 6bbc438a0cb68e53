-- purpose: Satisfied ratings (满意率).
-- grain: one row per group
-- column: numerator UInt64 = valid ratings of level 4 or 5
-- column: denominator UInt64 = valid ratings given in the period
-- source: domain guide 5.6, E03
-- dims: rating
-- include: rows_satisfied, ratio
WITH figure_rows AS
(
{{rows_satisfied}}
)
{{ratio}}

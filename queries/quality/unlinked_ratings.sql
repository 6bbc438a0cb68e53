-- purpose: Valid ratings that no case or ticket could be found for; they take part in no figure of a department (domain guide 4).
-- grain: one row per group
-- column: numerator UInt64 = valid ratings without a served case or ticket
-- column: denominator UInt64 = valid ratings given in the period
-- source: domain guide 4, unlinked_rate
-- dims: rating
-- include: rows_unlinked, ratio
WITH figure_rows AS
(
{{rows_unlinked}}
)
{{ratio}}

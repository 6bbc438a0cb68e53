-- purpose: Acceptances (受理量); deemed acceptance counts.
-- grain: one row per group
-- column: numerator UInt64 = cases accepted in the period
-- source: domain guide 5.4, C02
-- dims: case
-- include: rows_accepted, count
WITH figure_rows AS
(
{{rows_accepted}}
)
{{count}}

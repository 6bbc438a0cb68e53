-- purpose: Backlog (积压量): open and past the promised due at the end of the period.
-- grain: one row per group
-- column: numerator UInt64 = cases open and past due
-- source: domain guide 5.4, C05
-- dims: case
-- include: rows_backlog, count
WITH figure_rows AS
(
{{rows_backlog}}
)
{{count}}

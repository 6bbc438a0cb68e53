-- purpose: The cases behind D08.
-- grain: one row per case and period
-- source: domain guide 5.5, D08
-- dims: case
-- include: rows_overdue, list_cases
WITH figure_rows AS
(
{{rows_overdue}}
)
{{list_cases}}

-- purpose: The cases behind D01.
-- grain: one row per case and period
-- source: domain guide 5.5, D01
-- dims: case
-- include: rows_stopped_or_overdue, list_cases
WITH figure_rows AS
(
{{rows_stopped_or_overdue}}
)
{{list_cases}}

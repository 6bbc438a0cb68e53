-- purpose: The cases behind C05.
-- grain: one row per case and period
-- source: domain guide 5.4, C05
-- dims: case
-- include: rows_backlog, list_cases
WITH figure_rows AS
(
{{rows_backlog}}
)
{{list_cases}}

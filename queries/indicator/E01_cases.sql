-- purpose: The cases behind E01.
-- grain: one row per case and period
-- source: domain guide 5.6, E01
-- dims: case
-- include: rows_rated, list_cases
WITH figure_rows AS
(
{{rows_rated}}
)
{{list_cases}}

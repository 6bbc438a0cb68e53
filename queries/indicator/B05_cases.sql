-- purpose: The cases behind B05.
-- grain: one row per case and period
-- source: domain guide 5.3, B05
-- dims: case
-- include: rows_double, list_cases
WITH figure_rows AS
(
{{rows_double}}
)
{{list_cases}}

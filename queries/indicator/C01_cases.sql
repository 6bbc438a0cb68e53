-- purpose: The cases behind C01.
-- grain: one row per case and period
-- source: domain guide 5.4, C01
-- dims: case
-- include: rows_applied, list_cases
WITH figure_rows AS
(
{{rows_applied}}
)
{{list_cases}}

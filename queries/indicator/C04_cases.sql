-- purpose: The cases behind C04.
-- grain: one row per case and period
-- source: domain guide 5.4, C04
-- dims: case
-- include: rows_open, list_cases
WITH figure_rows AS
(
{{rows_open}}
)
{{list_cases}}

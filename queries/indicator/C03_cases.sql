-- purpose: The cases behind C03.
-- grain: one row per case and period
-- source: domain guide 5.4, C03
-- dims: case
-- include: rows_finished, list_cases
WITH figure_rows AS
(
{{rows_finished}}
)
{{list_cases}}

-- purpose: The cases behind C07.
-- grain: one row per case and period
-- source: domain guide 5.4, C07
-- dims: case
-- include: rows_digital, list_cases
WITH figure_rows AS
(
{{rows_digital}}
)
{{list_cases}}

-- purpose: The cases behind D02.
-- grain: one row per case and period
-- source: domain guide 5.5, D02
-- dims: case
-- include: rows_due, list_cases
WITH figure_rows AS
(
{{rows_due}}
)
{{list_cases}}

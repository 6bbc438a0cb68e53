-- purpose: The cases behind D03.
-- grain: one row per case and period
-- source: domain guide 5.5, D03
-- dims: case
-- include: rows_legal, list_cases
WITH figure_rows AS
(
{{rows_legal}}
)
{{list_cases}}

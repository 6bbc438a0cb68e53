-- purpose: The cases behind D04.
-- grain: one row per case and period
-- source: domain guide 5.5, D04
-- dims: case
-- include: rows_early, list_cases
WITH figure_rows AS
(
{{rows_early}}
)
{{list_cases}}

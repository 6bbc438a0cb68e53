-- purpose: The cases behind C06.
-- grain: one row per case and period
-- source: domain guide 5.4, C06
-- dims: case
-- include: rows_clearance, list_cases
WITH figure_rows AS
(
{{rows_clearance}}
)
{{list_cases}}

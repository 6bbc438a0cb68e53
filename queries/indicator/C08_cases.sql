-- purpose: The cases behind C08.
-- grain: one row per case and period
-- source: domain guide 5.4, C08
-- dims: case
-- include: rows_full_online, list_cases
WITH figure_rows AS
(
{{rows_full_online}}
)
{{list_cases}}

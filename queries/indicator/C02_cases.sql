-- purpose: The cases behind C02.
-- grain: one row per case and period
-- source: domain guide 5.4, C02
-- dims: case
-- include: rows_accepted, list_cases
WITH figure_rows AS
(
{{rows_accepted}}
)
{{list_cases}}

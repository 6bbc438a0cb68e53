-- purpose: The cases behind D05.
-- grain: one row per case and period
-- source: domain guide 5.5, D05
-- dims: case
-- include: rows_net_days, list_cases
WITH figure_rows AS
(
{{rows_net_days}}
)
{{list_cases}}

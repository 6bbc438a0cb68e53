-- purpose: The cases behind D14.
-- grain: one row per case and period
-- source: domain guide 5.5, D14
-- dims: step
-- include: rows_handoff, list_cases
WITH figure_rows AS
(
{{rows_handoff}}
)
{{list_cases}}

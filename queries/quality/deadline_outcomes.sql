-- purpose: How the deadlines of cases were kept as of an instant, with those that have none counted apart.
-- grain: one row per group
-- source: domain guide 5.1
-- dims: case
-- include: rows_case_outcomes, outcome
WITH figure_rows AS
(
{{rows_case_outcomes}}
)
{{outcome}}

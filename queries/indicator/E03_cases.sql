-- purpose: The ratings behind E03.
-- grain: one row per rating and period
-- source: domain guide 5.6, E03
-- dims: rating
-- include: rows_satisfied, list_ratings
WITH figure_rows AS
(
{{rows_satisfied}}
)
{{list_ratings}}

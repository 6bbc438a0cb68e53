-- purpose: The ratings behind E02.
-- grain: one row per rating and period
-- source: domain guide 5.6, E02
-- dims: rating
-- include: rows_good, list_ratings
WITH figure_rows AS
(
{{rows_good}}
)
{{list_ratings}}

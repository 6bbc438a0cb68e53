-- purpose: The ratings behind E04.
-- grain: one row per rating and period
-- source: domain guide 5.6, E04
-- dims: rating
-- include: rows_bad, list_ratings
WITH figure_rows AS
(
{{rows_bad}}
)
{{list_ratings}}

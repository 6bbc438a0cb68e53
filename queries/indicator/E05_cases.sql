-- purpose: The ratings behind E05.
-- grain: one row per rating and period
-- source: domain guide 5.6, E05
-- dims: rating
-- include: rows_valid_ratings, list_ratings
WITH figure_rows AS
(
{{rows_valid_ratings}}
)
{{list_ratings}}

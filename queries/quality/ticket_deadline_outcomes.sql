-- purpose: How the deadlines of tickets were kept as of an instant, with those that have none counted apart.
-- grain: one row per group
-- source: domain guide 5.1
-- dims: ticket
-- include: rows_ticket_outcomes, outcome
WITH figure_rows AS
(
{{rows_ticket_outcomes}}
)
{{outcome}}

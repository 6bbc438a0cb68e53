-- purpose: The tickets behind F01.
-- grain: one row per ticket and period
-- source: domain guide 5.7, F01
-- dims: ticket
-- include: rows_tickets, list_tickets
WITH figure_rows AS
(
{{rows_tickets}}
)
{{list_tickets}}

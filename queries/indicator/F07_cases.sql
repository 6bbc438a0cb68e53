-- purpose: The tickets behind F07.
-- grain: one row per ticket and period
-- source: domain guide 5.7, F07
-- dims: ticket
-- include: rows_due_tickets, list_tickets
WITH figure_rows AS
(
{{rows_due_tickets}}
)
{{list_tickets}}

-- purpose: The tickets behind F06.
-- grain: one row per ticket and period
-- source: domain guide 5.7, F06
-- dims: ticket
-- include: rows_replied_or_overdue, list_tickets
WITH figure_rows AS
(
{{rows_replied_or_overdue}}
)
{{list_tickets}}

-- purpose: Tickets closed (办结率) of those dispatched and due.
-- grain: one row per group
-- column: numerator UInt64 = tickets closed by the end of the period
-- column: denominator UInt64 = tickets dispatched whose due lies in the period
-- source: domain guide 5.7, F07
-- dims: ticket
-- include: rows_due_tickets, ratio
WITH figure_rows AS
(
{{rows_due_tickets}}
)
{{ratio}}

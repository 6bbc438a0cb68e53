-- purpose: Hotline tickets (受理量).
-- grain: one row per group
-- column: numerator UInt64 = tickets received in the period
-- source: domain guide 5.7, F01
-- dims: ticket
-- include: rows_tickets, count
WITH figure_rows AS
(
{{rows_tickets}}
)
{{count}}

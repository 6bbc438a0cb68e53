-- purpose: Tickets replied on time (按时办结率).
-- grain: one row per group
-- column: numerator UInt64 = tickets replied in the period by their due
-- column: denominator UInt64 = tickets replied in the period with a due, and tickets past it without reply at the end
-- source: domain guide 5.7, F06
-- dims: ticket
-- include: rows_replied_or_overdue, ratio
WITH figure_rows AS
(
{{rows_replied_or_overdue}}
)
{{ratio}}

-- purpose: Tickets given back (退单率).
-- grain: one row per group
-- column: numerator UInt64 = dispatches that were given back
-- column: denominator UInt64 = dispatches of the period
-- source: domain guide 5.7, F12
-- dims: ticket
-- evidence: list_tickets
-- include: rows_moves, ratio
-- Each dispatch counts, for the organisation it went to.
WITH figure_rows AS
(
SELECT *, next_type = 't_return' AS in_numerator, true AS in_denominator
FROM ({{rows_moves}})
WHERE NOT is_return
)
{{ratio}}

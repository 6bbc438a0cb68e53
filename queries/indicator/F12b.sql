-- purpose: Returns rejected (无效退单率).
-- grain: one row per group
-- column: numerator UInt64 = returns that were rejected
-- column: denominator UInt64 = returns of the period
-- source: domain guide 5.7, F12
-- dims: ticket
-- evidence: list_tickets
-- include: rows_moves, ratio
-- One that goes back to the same organisation was rejected.
WITH figure_rows AS
(
SELECT *, is_rejected AS in_numerator, true AS in_denominator
FROM ({{rows_moves}})
WHERE is_return
)
{{ratio}}

-- purpose: Satisfied callers (满意率).
-- grain: one row per group
-- column: numerator UInt64 = visits with a score of 3 or better
-- column: denominator UInt64 = valid visits of the period
-- source: domain guide 5.7, F10
-- dims: ticket
-- evidence: list_tickets
-- include: rows_visits, ratio
-- A visit that reached nobody is out; each valid visit of a ticket counts.
WITH figure_rows AS
(
SELECT *, is_satisfied AS in_numerator, true AS in_denominator
FROM ({{rows_visits}})
WHERE says_satisfied
)
{{ratio}}

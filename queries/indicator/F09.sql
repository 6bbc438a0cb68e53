-- purpose: Concerns solved (解决率).
-- grain: one row per group
-- column: numerator UInt64 = visits that say it is solved
-- column: denominator UInt64 = valid visits of the period, enquiries left out
-- source: domain guide 5.7, F09
-- dims: ticket
-- evidence: list_tickets
-- include: rows_visits, ratio
-- A visit that reached nobody is out; each valid visit of a ticket counts.
WITH figure_rows AS
(
SELECT *, is_solved AS in_numerator, true AS in_denominator
FROM ({{rows_visits}})
WHERE says_solved AND kind != 'consult'
)
{{ratio}}

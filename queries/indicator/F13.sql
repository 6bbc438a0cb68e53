-- purpose: Tickets done again (重办率).
-- grain: one row per group
-- column: numerator UInt64 = those done again at least once
-- column: denominator UInt64 = tickets replied in the period
-- source: domain guide 5.7, F13
-- dims: ticket
-- evidence: list_tickets
-- include: rows_replied, ratio
-- Invalid, merged and hung tickets are out.
WITH figure_rows AS
(
SELECT * REPLACE (redos >= 1 AS in_numerator)
FROM ({{rows_replied}})
)
{{ratio}}

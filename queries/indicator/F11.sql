-- purpose: Tickets visited (回访率).
-- grain: one row per group
-- column: numerator UInt64 = those with a return visit, reached or not
-- column: denominator UInt64 = tickets replied in the period
-- source: domain guide 5.7, F11
-- dims: ticket
-- evidence: list_tickets
-- include: rows_replied, ratio
-- Invalid, merged and hung tickets are out.
WITH figure_rows AS
(
SELECT * REPLACE (arrayExists((t, at) -> t = 't_visit' AND at <= {as_of:DateTime64(3,'UTC')}, f_type, f_at) AS in_numerator)
FROM ({{rows_replied}})
)
{{ratio}}

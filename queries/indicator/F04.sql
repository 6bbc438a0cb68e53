-- purpose: Answered on the call (直接办结率).
-- grain: one row per group
-- column: numerator UInt64 = tickets that were answered on the call
-- column: denominator UInt64 = tickets received in the period
-- source: domain guide 5.7, F04
-- dims: ticket
-- evidence: list_tickets
-- include: rows_tickets, ratio
-- Invalid, merged and hung tickets are out.
WITH figure_rows AS
(
SELECT * REPLACE (arrayExists((t, at) -> t = 't_answer_direct' AND at <= {as_of:DateTime64(3,'UTC')}, f_type, f_at) AS in_numerator)
FROM ({{rows_tickets}})
WHERE excluded = ''
)
{{ratio}}

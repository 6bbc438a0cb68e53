-- purpose: Repeated concerns (重复诉求率).
-- grain: one row per group
-- column: numerator UInt64 = tickets that repeat an earlier one
-- column: denominator UInt64 = tickets received in the period
-- source: domain guide 5.7, F14
-- dims: ticket
-- evidence: list_tickets
-- include: rows_tickets, ratio
-- Invalid, merged and hung tickets are out.
WITH figure_rows AS
(
SELECT * REPLACE (arrayExists((p, at) -> at <= {as_of:DateTime64(3,'UTC')} AND JSONExtractString(p, 'repeat_of') != '', f_payload, f_at) AS in_numerator)
FROM ({{rows_tickets}})
WHERE excluded = ''
)
{{ratio}}

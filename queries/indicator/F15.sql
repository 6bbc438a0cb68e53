-- purpose: Tickets extended (延期率).
-- grain: one row per group
-- column: numerator UInt64 = those with an approved extension
-- column: denominator UInt64 = tickets signed in the period
-- source: domain guide 5.7, F15
-- dims: ticket
-- evidence: list_tickets
-- include: ticket_facts, ratio
-- What was excluded after it was signed for stays.
WITH figure_rows AS
(
SELECT *, extensions >= 1 AS in_numerator, true AS in_denominator
FROM ({{ticket_facts}})
WHERE fact = 't_sign'
ORDER BY fact_at
LIMIT 1 BY source_sys, ticket_no
)
{{ratio}}

-- purpose: Signed in time (按时签收率).
-- grain: one row per group
-- column: numerator UInt64 = dispatches signed in time
-- column: denominator UInt64 = dispatches of the period that were signed or are past (T3)
-- source: domain guide 5.7, F05
-- dims: ticket
-- evidence: list_tickets
-- include: ticket_clocks, ratio
-- Tickets that were excluded by then are out; a hang that comes later takes nothing back.
WITH figure_rows AS
(
SELECT *
FROM ({{ticket_clocks}})
WHERE clock = 'T3'
)
{{ratio}}

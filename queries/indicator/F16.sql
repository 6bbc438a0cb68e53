-- purpose: Tickets supervised (督办率).
-- grain: one row per group
-- column: numerator UInt64 = tickets that were supervised
-- column: denominator UInt64 = tickets dispatched in the period
-- param: from DateTime64(3,'UTC') ? = first instant of the period; nothing = from the beginning
-- source: domain guide 5.7, F16
-- dims: ticket
-- evidence: list_tickets
-- include: tickets_as_of, instant_until, counted, ratio
-- What was excluded after its dispatch stays.
WITH figure_rows AS
(
WITH {{counted}}
SELECT *, arrayExists((t, at) -> t = 't_supervise' AND at <= {as_of:DateTime64(3,'UTC')}, f_type, f_at) AS in_numerator, true AS in_denominator, assumeNotNull(dispatched_at) AS bucket_at
FROM ({{tickets_as_of}})
WHERE counted(assumeNotNull(dispatched_at)) AND dispatched_at >= {from:DateTime64(3,'UTC')} AND dispatched_at < {{instant_until}}
)
{{ratio}}

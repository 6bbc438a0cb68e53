-- purpose: Replies published (网络反馈率).
-- grain: one row per group
-- column: numerator UInt64 = tickets whose reply was published
-- column: denominator UInt64 = tickets closed in the period that may be published
-- param: from DateTime64(3,'UTC') ? = first instant of the period; nothing = from the beginning
-- source: domain guide 5.7, F17
-- dims: ticket
-- evidence: list_tickets
-- include: tickets_as_of, instant_until, ratio
-- Tickets whose caller wants no publication (no_publish) are out, when that was said by the close.
WITH figure_rows AS
(
SELECT *, arrayExists((t, at) -> t = 't_publish' AND at <= {as_of:DateTime64(3,'UTC')}, f_type, f_at) AS in_numerator, true AS in_denominator, assumeNotNull(closed_at) AS bucket_at
FROM ({{tickets_as_of}})
WHERE excluded = '' AND closed_at >= {from:DateTime64(3,'UTC')} AND closed_at < {{instant_until}} AND NOT arrayExists((p, at) -> at <= closed_at AND JSONExtractBool(p, 'no_publish'), f_payload, f_at)
)
{{ratio}}

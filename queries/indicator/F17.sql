-- purpose: Replies published (网络反馈率).
-- grain: one row per group
-- column: numerator UInt64 = tickets whose reply was published
-- column: denominator UInt64 = tickets closed in the period that may be published
-- param: from DateTime64(3,'UTC') ? = first instant of the period; nothing = from the beginning
-- param: org String ? = organisation that had answered the ticket when it was closed; empty = all
-- source: domain guide 5.7, F17
-- dims: ticket
-- evidence: list_tickets
-- include: org_filter, tickets_known, instant_until, holder, ratio
-- Tickets whose caller wants no publication (no_publish) are out, when that was said by the close. Each ticket counts with its last close by the end
-- of the period: one that is taken up again afterwards, or hung, keeps it.
WITH figure_rows AS
(
SELECT * EXCEPT (org_code, excluded, closed_at), closed_by AS org_code, excluded_then AS excluded, toNullable(closed_then) AS closed_at
FROM
(
    WITH {{holder}}
    SELECT *, arrayLastIndex((at, c) -> at <= {as_of:DateTime64(3,'UTC')} AND ifNull(c < {{instant_until}}, false), h_at, h_closed_at) AS k, assumeNotNull(h_closed_at[k]) AS closed_then, h_excluded[k] AS excluded_then,
        arrayExists((t, at) -> t = 't_publish' AND at <= {as_of:DateTime64(3,'UTC')}, f_type, f_at) AS in_numerator, true AS in_denominator, closed_then AS bucket_at, holder(closed_then) AS closed_by
    FROM ({{tickets_known}})
    WHERE k > 0 AND excluded_then = '' AND closed_then >= {from:DateTime64(3,'UTC')} AND NOT arrayExists((p, at) -> at <= closed_then AND JSONExtractBool(p, 'no_publish'), f_payload, f_at)
)
WHERE {{org_filter}}
)
{{ratio}}

-- purpose: Tickets extended (延期率).
-- grain: one row per group
-- column: numerator UInt64 = those with an approved extension
-- column: denominator UInt64 = tickets signed in the period
-- param: from DateTime64(3,'UTC') ? = first instant of the period; nothing = from the beginning
-- param: org String ? = organisation that had the ticket when it was extended, else when it was signed for; empty = all
-- source: domain guide 5.7, F15
-- dims: ticket
-- evidence: list_tickets
-- include: org_filter, tickets_known, instant_until, counted, holder, said, ratio
-- What was excluded after it was signed for stays. Each ticket counts once, with its first signature.
WITH figure_rows AS
(
SELECT * EXCEPT (org_code), answers AS org_code
FROM
(
    WITH {{counted}}, {{holder}}, {{said}}
    SELECT *, f_at[arrayFirstIndex(t -> t = 't_sign', f_type)] AS bucket_at, extensions >= 1 AS in_numerator, true AS in_denominator,
        holder(if(in_numerator, f_at[arrayFirstIndex((t, legal, p) -> t = 't_extend_approve' AND legal AND NOT says_no(p, 'approved'), f_type, f_legal, f_payload)], bucket_at)) AS answers
    FROM ({{tickets_known}})
    WHERE has(f_type, 't_sign') AND bucket_at >= {from:DateTime64(3,'UTC')} AND bucket_at < {{instant_until}} AND counted(bucket_at)
)
WHERE {{org_filter}}
)
{{ratio}}

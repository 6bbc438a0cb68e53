-- purpose: Tickets supervised (督办率).
-- grain: one row per group
-- column: numerator UInt64 = tickets that were supervised
-- column: denominator UInt64 = tickets dispatched in the period
-- param: from DateTime64(3,'UTC') ? = first instant of the period; nothing = from the beginning
-- param: org String ? = organisation that had the ticket when it was supervised, else that answers for it (C8); empty = all
-- source: domain guide 5.7, F16
-- dims: ticket
-- evidence: list_tickets
-- include: org_filter, tickets_known, instant_until, counted, holder, ratio
-- What was excluded after its dispatch stays.
WITH figure_rows AS
(
SELECT * EXCEPT (org_code), answers AS org_code
FROM
(
    WITH {{counted}}, {{holder}}
    SELECT *, arrayFirstIndex((t, at) -> t = 't_supervise' AND at <= {as_of:DateTime64(3,'UTC')}, f_type, f_at) AS supervised, supervised > 0 AS in_numerator, true AS in_denominator,
        assumeNotNull(dispatched_at) AS bucket_at, if(in_numerator, holder(f_at[supervised]), toString(org_code)) AS answers
    FROM ({{tickets_known}})
    WHERE counted(bucket_at) AND dispatched_at >= {from:DateTime64(3,'UTC')} AND dispatched_at < {{instant_until}}
)
WHERE {{org_filter}}
)
{{ratio}}

-- purpose: Tickets done again (重办率).
-- grain: one row per group
-- column: numerator UInt64 = those done again at least once
-- column: denominator UInt64 = tickets replied in the period
-- source: domain guide 5.7, F13
-- dims: ticket
-- param: org String ? = organisation whose reply was done again, else that replied first; empty = all
-- evidence: list_tickets
-- include: org_filter, replies_first, holder, ratio
-- Invalid, merged and hung tickets are out.
WITH figure_rows AS
(
SELECT * EXCEPT (org_code), answers AS org_code
FROM
(
    WITH {{holder}}
    SELECT * REPLACE (redos >= 1 AS in_numerator),
        if(redos >= 1, holder(subtractMilliseconds(f_at[arrayFirstIndex((t, legal) -> t = 't_redo' AND legal, f_type, f_legal)], 1)), toString(org_code)) AS answers
    FROM ({{replies_first}})
)
WHERE {{org_filter}}
)
{{ratio}}

-- One row per fact of a ticket that occurred in the period, of tickets that count then. It belongs to
-- the organisation that had, or had answered, the ticket then, and to the kind that it had before (C8): what is said afterwards
-- moves it to nobody.
-- param: from DateTime64(3,'UTC') ? = first instant of the period; nothing = from the beginning
-- param: org String ? = organisation that had the ticket then; empty = all
-- include: org_filter, tickets_known, instant_until, counted, holder
SELECT * EXCEPT (org_code, kind), org_then AS org_code, kind_then AS kind, fact_at AS bucket_at
FROM
(
    WITH {{counted}}, {{holder}}
    SELECT *, fact, fact_at, fact_org, fact_payload, holder(fact_at) AS org_then,
        h_kind[greatest(1, arrayLastIndex((x, k) -> x < fact_at AND k != '' OR x = h_at[1], h_at, h_kind))] AS kind_before,
        if(kind_before = '', h_kind[arrayLastIndex(x -> x <= fact_at, h_at)], kind_before) AS kind_then
    FROM ({{tickets_known}})
    ARRAY JOIN f_type AS fact, f_at AS fact_at, f_org AS fact_org, f_payload AS fact_payload
    WHERE fact_at >= {from:DateTime64(3,'UTC')} AND fact_at < {{instant_until}} AND counted(fact_at)
)
WHERE {{org_filter}}

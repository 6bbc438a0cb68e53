-- One row per fact of a ticket that occurred in the period, of tickets that count then.
-- param: from DateTime64(3,'UTC') ? = first instant of the period; nothing = from the beginning
-- include: tickets_as_of, instant_until, counted
SELECT *, fact_at AS bucket_at
FROM
(
    WITH {{counted}}
    SELECT *, fact, fact_at, fact_org, fact_payload
    FROM ({{tickets_as_of}})
    ARRAY JOIN f_type AS fact, f_at AS fact_at, f_org AS fact_org, f_payload AS fact_payload
    WHERE fact_at >= {from:DateTime64(3,'UTC')} AND fact_at < {{instant_until}} AND counted(fact_at)
)

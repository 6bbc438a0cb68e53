-- Tickets replied in the period: each once, with its first reply, of whatever organisation, for who gave it (C8). A redo order takes no reply back.
-- What is said while the hotline rules on a return is an answer, but not yet whose: it is
-- the answer as long as nobody else has to give one.
-- param: from DateTime64(3,'UTC') ? = first instant of the period; nothing = from the beginning
-- include: tickets_known, instant_until, counted, holder
SELECT * EXCEPT (org_code) REPLACE (toNullable(replied_at) AS stop_at), replied_by AS org_code, true AS in_numerator, true AS in_denominator, replied_at AS bucket_at
FROM
(
    WITH {{counted}}, {{holder}}
    SELECT *, arrayFirstIndex((t, at, s) -> t = 't_reply' AND has(h_stop_at, at) AND (s != 'returned' OR NOT arrayExists((d, k, legal) -> k IN ('t_dispatch', 't_redispatch') AND legal AND d > at AND d <= {as_of:DateTime64(3,'UTC')} AND isNull(h_stop_at[arrayLastIndex(x -> x <= d, h_at)]) AND ifNull(h_stop_at[arrayLastIndex(x -> x < d, h_at)] = at, false), f_at, f_type, f_legal)), f_type, f_at, f_state) AS reply, f_at[reply] AS replied_at, holder(replied_at) AS replied_by
    FROM ({{tickets_known}})
    WHERE reply > 0 AND counted(replied_at) AND replied_at >= {from:DateTime64(3,'UTC')} AND replied_at < {{instant_until}}
)

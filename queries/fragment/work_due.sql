-- Work that was done in the period, and what is open at its end past its due (C1).
-- param: from DateTime64(3,'UTC') ? = first instant of the period; nothing = from the beginning
-- include: work_rounds, period_terms, period_array
SELECT *, done_here AND ifNull(done_at <= due_at, false) AS in_numerator, true AS in_denominator, if(done_here, assumeNotNull(done_at), subtractMilliseconds(p.2, 1)) AS bucket_at
FROM
(
    WITH
        greatest({from:DateTime64(3,'UTC')}, started_at) AS begin,
        least({{instant_until}}, addMilliseconds(coalesce(done_at, taken_back_at, {{instant_until}}), 1)) AS end,
        {{period_terms}}
    SELECT *, p, ifNull(done_at >= p.1 AND done_at < p.2, false) AS done_here
    FROM ({{work_rounds}})
    ARRAY JOIN {{period_array}} AS p
    WHERE isNotNull(due_at)
)
WHERE done_here OR ifNull(due_at < p.3, false) AND ifNull(done_at >= p.2, true) AND ifNull(taken_back_at >= p.2, true) AND started_at < p.2

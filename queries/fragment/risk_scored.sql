-- The asked landmarks with the probability that their due is missed. ks and ns are,
-- from fine to coarse, the late ones and all of the learned subjects that stood as
-- far from their due and were: 1 of this item at this step in this organisation,
-- 2 of this item at this step, 3 at this step in this organisation, 4 at this step,
-- 5 anywhere in the source. The share of each group is drawn towards that of the next
-- coarser one as if it held m subjects more (empirical Bayes, beta-binomial mean):
--   p(l) = (k(l) + m * p(l+1)) / (n(l) + m),  p(6) = (k + 1/2) / (n + 1) over all
-- learned landmarks of the source. cell is the finest group with at least m subjects,
-- else 5. probability is null where nothing was learned.
-- Organisations can be left out (with_org = 0), for a source that gives only the
-- last organisation of a subject: then 1 and 3 say what 2 and 4 say.
-- Several strengths give one row each. Uses of the text around it: strengths_of(source), an array
-- of m, with_org(source), and what risk_marks uses.
-- include: risk_marks
SELECT
    source_sys, unit, grid, step, item, org,
    a.1 AS kind, a.2 AS subject_no, a.3 AS region_code, a.4 AS at, a.5 AS e, a.6 AS due_at, a.7 AS left, a.8 AS used,
    a.9 AS learned_end, a.10 AS can_learn, a.11 AS last_end, a.12 AS learned_late, a.13 AS last_late,
    strength,
    with_org(source_sys) = 1 AS o,
    [k1, k2, k3, k4, k5] AS ks,
    [n1, n2, n3, n4, n5] AS ns,
    (k6 + 0.5) / (n6 + 1) AS p6,
    (k5 + strength * p6) / (n5 + strength) AS p5,
    (k4 + strength * p5) / (n4 + strength) AS p4,
    if(o, (k3 + strength * p4) / (n3 + strength), p4) AS p3,
    (k2 + strength * p3) / (n2 + strength) AS p2,
    if(o, (k1 + strength * p2) / (n1 + strength), p2) AS p1,
    if(n6 = 0, NULL, p1) AS probability,
    if(arrayFirstIndex((n, l) -> n >= strength AND (o OR l IN (2, 4, 5)), ns, [1, 2, 3, 4, 5]) AS found = 0, 5, found) AS cell
FROM
(
    SELECT
        *,
        k AS k1, n AS n1,
        sum(k) OVER w2 AS k2, sum(n) OVER w2 AS n2,
        sum(k) OVER w3 AS k3, sum(n) OVER w3 AS n3,
        sum(k) OVER w4 AS k4, sum(n) OVER w4 AS n4,
        sum(k) OVER w5 AS k5, sum(n) OVER w5 AS n5,
        sum(k) OVER w6 AS k6, sum(n) OVER w6 AS n6
    FROM
    (
        SELECT
            source_sys, unit, grid, step, item, org,
            sum(learned) AS n,
            countIf(learned AND learned_late) AS k,
            groupArrayIf((kind, subject_no, region_code, at, e, due_at, left, used, learned_end, can_learn, last_end, learned_late, last_late), NOT learned) AS asked_here
        FROM ({{risk_marks}})
        WHERE learned OR (e.3 AND e.4 = '' AND isNull(e.7) AND ifNull(due_at >= at AND e.6 <= at, false) AND NOT ifNull(e.10 >= at, false))
        GROUP BY source_sys, unit, grid, step, item, org
    )
    WINDOW
        w2 AS (PARTITION BY source_sys, unit, grid, step, item),
        w3 AS (PARTITION BY source_sys, unit, grid, step, org),
        w4 AS (PARTITION BY source_sys, unit, grid, step),
        w5 AS (PARTITION BY source_sys, unit, grid),
        w6 AS (PARTITION BY source_sys, unit)
)
ARRAY JOIN asked_here AS a
ARRAY JOIN strengths_of(source_sys) AS strength

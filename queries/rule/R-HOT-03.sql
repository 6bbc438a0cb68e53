-- purpose: Return abuse: a ticket sent back later than T4 allows, or whose returns were rejected twice.
-- grain: one row per late return (T4/n), one per ticket with two rejected returns
-- include: workdays, rule_steps, steps, said, ticket_subjects
-- param: return_days UInt16 = T4: working days after the dispatch within which a return may be asked for
-- param: max_rejected UInt16 = from this rejected return of a ticket on
-- source: domain guide 6.2, R-HOT-03; 3, T4
-- Decisions: n counts the returns of the ticket. A return is rejected when the next
-- dispatch goes to the same organisation or says so (accepted: false); what the
-- return says of itself is a wish. The step is at that dispatch. Only returns and dispatches that the life cycle allows
-- count. A ticket without T3 (process of its own) has no T4. Excluded tickets
-- count: the return happened. The rate of an organisation is R-HOT-03-R.
WITH
{{workdays}},
{{rule_steps}},
{{steps}},
{{said}},
-- the facts that matter, in fold order: (dispatch?, at, organisation, says no)
arrayFilter(x -> x.5, arrayMap((t, at, org, legal, p) -> (
        t IN ('t_dispatch', 't_redispatch'), at, toString(org),
        says_no(p, 'accepted'),
        legal AND t IN ('t_dispatch', 't_redispatch', 't_return')),
    f_type, f_at, f_org, f_legal, f_payload)) AS moves,
-- of each return: (number, at, organisation it was with, dispatched at, next dispatch at or far, rejected)
arrayMap((i, n) -> (
        n, moves[i].2,
        moves[arrayLastIndex((m, j) -> m.1 AND j < i AND m.3 != '', moves, arrayEnumerate(moves))].3,
        arrayLastIndex((m, j) -> m.1 AND j < i, moves, arrayEnumerate(moves)) AS sent,
        arrayFirstIndex((m, j) -> m.1 AND j > i, moves, arrayEnumerate(moves)) AS again,
        again > 0 AND (moves[again].4
            OR moves[again].3 = '' OR moves[again].3 = moves[arrayLastIndex((m, j) -> m.1 AND j < i AND m.3 != '', moves, arrayEnumerate(moves))].3)),
    arrayFilter(i -> NOT moves[i].1, arrayEnumerate(moves)),
    arrayEnumerate(arrayFilter(i -> NOT moves[i].1, arrayEnumerate(moves)))) AS returns,
arrayMap(r -> (moves[r.4].2, r.2, r.3, r.1, day_end(add_wd(local_day(moves[r.4].2), {return_days:UInt16}))), arrayFilter(r -> r.4 > 0, returns)) AS answered,
arrayFilter(r -> r.6, returns) AS rejected
SELECT
    source_sys, ticket_no AS subject_no, v.1 AS clock_no, v.2 AS org_code, region_code, '' AS task_code, '' AS window_id, '' AS staff_id,
    [(v.3, 'yellow')] AS steps, v.4 AS due_at, v.5 AS evidence
FROM ({{ticket_subjects}})
ARRAY JOIN arrayConcat(
    arrayMap(a -> (concat('T4/', toString(a.4)), a.3, a.2, CAST(a.5, 'Nullable(DateTime64(3, \'UTC\'))'),
            map('sent_at', toString(a.1), 'returned_at', toString(a.2), 'return_no', toString(a.4))),
        arrayFilter(a -> a.2 > surely(local_day(a.1), local_day(a.5), a.5), answered)),
    arrayMap(r -> ('rejected', r.3, moves[r.5].2, CAST(NULL, 'Nullable(DateTime64(3, \'UTC\'))'),
            map('rejected_returns', toString(length(rejected)), 'returned_at', toString(r.2))),
        arraySlice(rejected, {max_rejected:UInt16}, 1))
) AS v
WHERE has(k_clock, 'T3')

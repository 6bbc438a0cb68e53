-- purpose: High rate of rejected returns: more than a fifth of an organisation's returns of a month were rejected.
-- grain: one row per organisation and local month, on the day after the month
-- include: workdays, said
-- param: from DateTime64(3,'UTC') = beginning of the day
-- param: until DateTime64(3,'UTC') = end of the day
-- param: max_percent UInt16 = most per cent of the returns that may be rejected
-- param: min_returns UInt16 = fewest returns to be judged
-- source: domain guide 6.2, R-HOT-03 (its part about rates); 5.7, F12 bad_return_rate
-- Decisions: a return belongs to the local month in which it was made and to the
-- organisation that the ticket was dispatched to before; what is a rejected return
-- is said in R-HOT-03. One that is not ruled on when the month ends is not rejected.
-- Below the fewest returns a rate says nothing.
WITH
{{workdays}},
{{said}},
toStartOfMonth(local_day({from:DateTime64(3,'UTC')})) AS month,
arrayFilter(x -> x.5, arrayMap((t, at, org, legal, p) -> (
        t IN ('t_dispatch', 't_redispatch'), at, toString(org),
        says_no(p, 'accepted'),
        legal AND t IN ('t_dispatch', 't_redispatch', 't_return') AND at < {until:DateTime64(3,'UTC')}),
    f_type, f_at, f_org, f_legal, f_payload)) AS moves
SELECT
    '' AS source_sys, org AS subject_no, formatDateTime(month, '%Y-%m') AS clock_no, org AS org_code, region_code, '' AS task_code, '' AS window_id, '' AS staff_id,
    [({until:DateTime64(3,'UTC')}, 'yellow')] AS steps, NULL AS due_at,
    map('returns', toString(returns), 'rejected', toString(rejected)) AS evidence
FROM
(
    SELECT r.1 AS org, any(toString(region_code)) AS region_code, count() AS returns, countIf(r.2) AS rejected
    FROM tickets FINAL
    ARRAY JOIN arrayMap(i -> (
            moves[arrayLastIndex((m, j) -> m.1 AND j < i AND m.3 != '', moves, arrayEnumerate(moves)) AS sent].3,
            (arrayFirstIndex((m, j) -> m.1 AND j > i, moves, arrayEnumerate(moves)) AS again) > 0
                AND (moves[again].4 OR moves[again].3 = '' OR moves[again].3 = moves[sent].3),
            moves[i].2),
        arrayFilter(i -> NOT moves[i].1, arrayEnumerate(moves))) AS r
    WHERE NOT is_test AND h_excluded[-1] != 'void' AND has(f_type, 't_return') AND has(k_clock, 'T3')
        AND last_at >= day_start(toDate32(month)) AND first_at < {until:DateTime64(3,'UTC')}
        AND r.1 != '' AND r.3 >= day_start(toDate32(month)) AND r.3 < {until:DateTime64(3,'UTC')}
    GROUP BY org
)
WHERE toDayOfMonth(local_day({until:DateTime64(3,'UTC')})) = 1 AND returns >= {min_returns:UInt16} AND rejected * 100 > returns * {max_percent:UInt16}

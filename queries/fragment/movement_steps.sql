-- What each place counts in each local day, month, quarter or year, as b = (number of the period since 1970, numerator, denominator).
-- include: instant_until
-- param: from DateTime64(3,'UTC') ? = first instant of the period; nothing = from the beginning
WITH
    transform('{{bucket}}', ['month', 'quarter', 'year'], [1, 3, 12], 0) AS bucket_months,
    transform('{{bucket}}', ['day', 'week'], [1, 7], 0) AS bucket_days,
    if('{{bucket}}' = '', 'day', '{{bucket}}') AS unit,
    t -> dateDiff(unit, toDateTime64('1970-01-01 00:00:00', 3, 'Asia/Shanghai'), t, 'Asia/Shanghai') AS period_of,
    period_of(subtractMilliseconds({{instant_until}}, 1)) AS last_period,
    if(toUnixTimestamp64Milli({from:DateTime64(3,'UTC')}) = 0, 0, period_of({from:DateTime64(3,'UTC')})) AS first_period
SELECT {{place_keys}}bucket_months, bucket_days, arrayJoin(arrayFlatten(arrayMap((a, next, x, y) -> arrayMap(i -> (i, x, y), range(toUInt64(a), toUInt64(greatest(a, next)))),
    arrayMap(s -> s.1, steps), arrayPushBack(arrayMap(s -> s.1, arrayPopFront(steps)), last_period + 1),
    arrayCumSum(arrayMap(s -> s.2, steps)), arrayCumSum(arrayMap(s -> s.3, steps))))) AS b
FROM
(
    SELECT {{place_keys}}arraySort(groupArray((period, x, y))) AS steps
    FROM
    (
        SELECT {{place_keys}}step.1 AS period, sum(step.2 * num) AS x, sum(step.2 * den) AS y
        FROM
        (
            SELECT {{places}}greatest(period_of(at), first_period) AS begins, if(behind_ms < 0, last_period, period_of(subtractMilliseconds(at, behind_ms))) AS ends, sumIf(n, in_numerator) AS num, sumIf(n, in_denominator) AS den
            FROM counted AS r
            {{joins}}
            WHERE {{only}}
            GROUP BY {{place_keys}}begins, ends
            HAVING begins <= ends AND {from:DateTime64(3,'UTC')} < {{instant_until}}
        )
        ARRAY JOIN [(begins, 1), (ends + 1, -1)] AS step
        GROUP BY {{place_keys}}period
    )
    GROUP BY {{place_keys}}bucket_months
)

-- One row per service item and asked period at whose end it is in force; one version of an
-- item is (5.2). Without a beginning, single periods reach three years back.
-- include: items_known, figure_scope, period_terms, period_array, stock_begin
SELECT *, p.1 AS period_from, p.2 AS period_until, p.3 AS period_at, subtractMilliseconds(period_until, 1) AS bucket_at
FROM
(
    WITH
        greatest({{stock_begin}}, toTimeZone(toDateTime64(valid_from, 3, 'Asia/Shanghai'), 'UTC')) AS begin,
        least({{instant_until}}, toTimeZone(toDateTime64(valid_until, 3, 'Asia/Shanghai'), 'UTC')) AS end,
        {{period_terms}}
    SELECT *, p
    FROM ({{items_known}})
    ARRAY JOIN {{period_array}} AS p
    WHERE {{figure_scope}}
)
WHERE toDate32(subtractMilliseconds(period_at, 1), 'Asia/Shanghai') >= valid_from AND toDate32(subtractMilliseconds(period_at, 1), 'Asia/Shanghai') < valid_until

-- One row per organisation and asked period at whose end it is in force, as the directory
-- describes it then. Without a beginning, single periods reach three years back.
-- include: figure_scope, period_terms, period_array, stock_begin
SELECT *, p.1 AS period_from, p.2 AS period_until, p.3 AS period_at, subtractMilliseconds(period_until, 1) AS bucket_at
FROM
(
    WITH
        greatest({{stock_begin}}, toTimeZone(toDateTime64(valid_from, 3, 'Asia/Shanghai'), 'UTC')) AS begin,
        least({{instant_until}}, toTimeZone(toDateTime64(valid_until, 3, 'Asia/Shanghai'), 'UTC')) AS end,
        {{period_terms}}
    SELECT *, p
    FROM
    (
        SELECT org_code, valid_from, said.1 AS source_sys, said.2 AS region_code, said.3 AS gov_level, said.4 AS org_line, said.5 AS name, said.7 AS payload,
            least(ifNull(said.6, toDate32('2299-12-31')), leadInFrame(valid_from, 1, toDate32('2299-12-31')) OVER (PARTITION BY org_code ORDER BY valid_from ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)) AS valid_until
        FROM
        (
            SELECT org_code, valid_from,
                argMax((toString(source_sys), toString(region_code), gov_level, toString(org_line), name, valid_to, payload), (received_at, offset)) AS said
            FROM
            (
                SELECT *, max(revision) OVER (PARTITION BY org_code, source_sys, event_id) AS top
                FROM organisations FINAL
                WHERE (topic, partition, `offset`) NOT IN (SELECT topic, partition, `offset` FROM fact_conflicts FINAL WHERE topic = 'organisations' AND NOT stands)
            )
            WHERE revision = top
            GROUP BY org_code, valid_from
        )
    )
    ARRAY JOIN {{period_array}} AS p
    WHERE {{figure_scope}}
)
WHERE toDate32(subtractMilliseconds(period_at, 1), 'Asia/Shanghai') >= valid_from AND toDate32(subtractMilliseconds(period_at, 1), 'Asia/Shanghai') < valid_until

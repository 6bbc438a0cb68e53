-- What the catalogue says about each version of a service item, one row per version: of an
-- event the highest revision, of several events the one that arrived last. It is in force on
-- the days from valid_from until valid_until, which is its end or the beginning of the next.
-- is_change: another version of the item came before it. A version that was told more than a
-- day after the first word about its item counts from the day of its arrival at the earliest,
-- unless it names who approved that (domain guide 1.2; lifecycle/items); claimed_from is the
-- first day that the catalogue claims.
SELECT *, version_no > 1 AS is_change,
    least(ifNull(said.8, toDate32('2299-12-31')), if(next_from > valid_from, next_from, toDate32('2299-12-31'))) AS valid_until,
    said.1 AS source_sys, said.2 AS name, said.3 AS catalog_code, said.4 AS region_code, said.5 AS org_code, said.6 AS item_type, said.7 AS project_type,
    said.9 AS legal_days, said.10 AS legal_unit, said.11 AS promise_days, said.12 AS promise_unit, said.13 AS baseline_promise_days,
    said.14 AS online_depth, said.15 AS limit_visits, said.16 AS payload
FROM
(
    SELECT *,
        row_number() OVER (PARTITION BY task_code ORDER BY valid_from, task_version) AS version_no,
        leadInFrame(valid_from, 1, toDate32('2299-12-31')) OVER (PARTITION BY task_code ORDER BY valid_from, task_version ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS next_from
    FROM
    (
        SELECT task_code, task_version, min(received_at) AS known_since,
            argMax(f.valid_from, (received_at, offset)) AS claimed_from,
            if(min(told_at) > addDays(min(item_at), 1) AND empty(trimBoth(argMax(JSONExtractString(payload, 'revision_approver'), (received_at, offset)))),
                greatest(claimed_from, toDate32(min(told_at), 'Asia/Shanghai')), claimed_from) AS valid_from,
            argMax((toString(source_sys), name, catalog_code, toString(region_code), toString(org_code), toString(item_type), toString(project_type), valid_to,
                legal_days, toString(legal_unit), promise_days, toString(promise_unit), baseline_promise_days, online_depth, limit_visits, payload), (received_at, offset)) AS said
        FROM
        (
            SELECT *, max(revision) OVER (PARTITION BY task_code, task_version, source_sys, event_id) AS top,
                min(received_at) OVER (PARTITION BY task_code, task_version) AS told_at, min(received_at) OVER (PARTITION BY task_code) AS item_at
            FROM items FINAL
            WHERE (topic, partition, `offset`) NOT IN (SELECT topic, partition, `offset` FROM fact_conflicts FINAL WHERE topic = 'service-items' AND NOT stands)
        ) AS f
        WHERE revision = top
        GROUP BY task_code, task_version
    )
)

-- What the catalogue said about each version of a service item, in the order of
-- arrival, one row per version:
-- states: (received_at, payload, promise_days, promise_unit, legal_days, legal_unit, catalog_code)
-- (a version told more than a day after the first word about its item is in force from the day
-- of its arrival at the earliest, unless it names who approved that; lifecycle/items)
-- force_from, force_until: the first instants of force and of no force any more (its
-- end, or the beginning of the next version; far = open), as the latest fact says
-- Needs workdays and steps.
SELECT
    source_sys, task_code, task_version, org_code, region_code, states, force_from,
    least(if(isNull(valid_to), far, day_start(assumeNotNull(valid_to))),
        if(next_from = toDate32('1900-01-01'), far, day_start(next_from))) AS force_until
FROM
(
    SELECT *, day_start(valid_from) AS force_from,
        leadInFrame(valid_from, 1, toDate32('1900-01-01')) OVER (PARTITION BY task_code ORDER BY valid_from, task_version ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS next_from
    FROM
    (
        SELECT
            task_code, task_version,
            argMax(source_sys, (received_at, offset)) AS source_sys, argMax(org_code, (received_at, offset)) AS org_code, argMax(region_code, (received_at, offset)) AS region_code,
            if(min(told_at) > addDays(min(item_at), 1) AND empty(trimBoth(argMax(JSONExtractString(payload, 'revision_approver'), (received_at, offset)))),
                greatest(argMax(f.valid_from, (received_at, offset)), toDate32(min(told_at), 'Asia/Shanghai')), argMax(f.valid_from, (received_at, offset))) AS valid_from,
            argMax(tuple(valid_to), (received_at, offset)).1 AS valid_to,
            arrayMap(x -> x.3, arraySort(x -> (x.1, x.2), groupArray((received_at, offset, (received_at, payload, promise_days, toString(promise_unit), legal_days, toString(legal_unit), catalog_code))))) AS states
        FROM
        (
            SELECT *, max(revision) OVER (PARTITION BY task_code, task_version, source_sys, event_id ORDER BY received_at, offset ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS top,
                min(received_at) OVER (PARTITION BY task_code, task_version) AS told_at, min(received_at) OVER (PARTITION BY task_code) AS item_at
            FROM items FINAL
            WHERE (topic, partition, `offset`) NOT IN (SELECT topic, partition, `offset` FROM fact_conflicts FINAL WHERE topic = 'service-items' AND NOT stands)
        ) AS f
        WHERE revision = top
        GROUP BY task_code, task_version
    )
)

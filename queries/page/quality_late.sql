-- purpose: How late each source sends its facts, and whether its clock seems to be whole hours off.
-- grain: one row per source system and kind of fact
-- column: facts UInt64 = facts stored
-- column: late UInt64 = facts that came more than 24 hours after they occurred
-- column: median_lag_hours Float64 = median of received minus occurred, hours
-- column: p90_lag_hours Float64 = 90th percentile of it
-- column: shift_hours Int64 = by so many whole hours the times of the source seem to lie too early; 0 = no sign of it
-- column: last_at DateTime64(3,'UTC') = latest occurrence
-- source: domain guide 2.6 "late push", "bad clock"
-- A source that is late is late by this and that; one whose clock or zone is off by whole
-- hours sends nothing sooner than that, and most of it just then. So: of at least 50
-- facts the earliest twentieth lies within ten minutes of one to fourteen whole hours,
-- and at least half of all within the half hour from there. Nothing is corrected.
WITH 600000 AS slot_ms
SELECT
    l.source_sys AS source_sys, l.kind AS kind, l.facts AS facts, l.late AS late, l.median_lag_hours AS median_lag_hours, l.p90_lag_hours AS p90_lag_hours,
    s.shift_hours AS shift_hours, l.last_at AS last_at, l.last_received_at AS last_received_at
FROM
(
    SELECT
        source_sys, kind, count() AS facts,
        countIf(lag_ms > 24 * 3600 * 1000) AS late,
        quantile(0.5)(lag_ms) / 3600000 AS median_lag_hours,
        quantile(0.9)(lag_ms) / 3600000 AS p90_lag_hours,
        max(occurred_at) AS last_at, max(received_at) AS last_received_at
    FROM
    (
        SELECT source_sys, 'case' AS kind, occurred_at, received_at, dateDiff('millisecond', occurred_at, received_at) AS lag_ms FROM case_events
        UNION ALL
        SELECT source_sys, 'ticket' AS kind, occurred_at, received_at, dateDiff('millisecond', occurred_at, received_at) AS lag_ms FROM ticket_events
    )
    GROUP BY source_sys, kind
) AS l
INNER JOIN
(
    SELECT
        source_sys, kind, arraySort(x -> x.1, groupArray((slot, n))) AS slots, arraySum(x -> x.2, slots) AS total,
        arrayCumSum(x -> x.2, slots) AS sums,
        slots[arrayFirstIndex(x -> x * 20 >= total, sums)].1 AS floor_slot,
        -- slot 0 is the five minutes around the hour; six slots are an hour
        intDiv(floor_slot + 3, 6) AS hours,
        toInt64(if(total >= 50 AND hours BETWEEN 1 AND 14 AND abs(floor_slot - hours * 6) <= 1
            AND arraySum(x -> if(x.1 >= floor_slot AND x.1 <= floor_slot + 3, x.2, 0), slots) * 2 >= total, hours, 0)) AS shift_hours
    FROM
    (
        SELECT source_sys, kind, toInt64(floor((lag_ms + slot_ms / 2) / slot_ms)) AS slot, count() AS n
        FROM
        (
            SELECT source_sys, 'case' AS kind, dateDiff('millisecond', occurred_at, received_at) AS lag_ms FROM case_events
            UNION ALL
            SELECT source_sys, 'ticket' AS kind, dateDiff('millisecond', occurred_at, received_at) AS lag_ms FROM ticket_events
        )
        GROUP BY source_sys, kind, slot
    )
    GROUP BY source_sys, kind
) AS s ON s.source_sys = l.source_sys AND s.kind = l.kind
ORDER BY source_sys, kind

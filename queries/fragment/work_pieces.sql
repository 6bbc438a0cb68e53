-- The history of work items, one row per item, as pieces between two events:
-- pieces: (from, until, state, due of the whole, segment, event); the last one is open (until = far).
-- due is 1970 while there is none. A segment is a round with a deadline of its own: it counts the reopenings of
-- an order, and the rounds of rectification of a bad-rating order.
-- The due follows the machine of the kind: what a payload sets, so many working
-- days from an event, or so many more. Needs workdays and steps.
SELECT
    w.kind AS kind, w.id AS id, org_code, region_code, level, origin, co_orgs, e.events AS events,
    arrayFold((acc, x, replied) -> arrayPushBack(acc, assumeNotNull(multiIf(
            kind = 'order' AND (x.2 = 'issue' OR (x.2 = 'create' AND x.3 = 'issued')),
            if(greatest(due_said(x.4), acc[-1]) > x.1, greatest(due_said(x.4), acc[-1]), day_end(add_wd(local_day(x.1), 5))),
            kind = 'order' AND x.2 IN ('create', 'edit', 'return') AND due_said(x.4) > epoch, due_said(x.4),
            -- an answer in time stops the clock until it is sent back
            kind = 'order' AND x.2 = 'return' AND replied > epoch AND replied <= acc[-1] AND count_wd(local_day(replied), local_day(x.1)) > 0,
                day_end(add_wd(local_day(acc[-1]), toUInt16(count_wd(local_day(replied), local_day(x.1))))),
            kind = 'order' AND x.2 = 'reopen', if(due_said(x.4) > epoch, due_said(x.4), day_end(add_wd(local_day(x.1), 5))),
            kind = 'order' AND x.2 = 'extend', day_end(add_wd(local_day(acc[-1]), toUInt16(JSONExtractUInt(x.4, 'days')))),
            kind = 'order', acc[-1],
            kind = 'rating' AND x.2 IN ('verify', 'uphold', 'reject', 'reopen'), day_end(add_wd(local_day(x.1), 5)),
            kind = 'rating' AND x.2 = 'extend', day_end(add_wd(local_day(acc[-1]), 10)),
            kind = 'exposure' AND x.2 = 'publish', day_end(add_wd(local_day(x.1), 5)),
            acc[-1]))), events, arrayMap(i -> arrayLast(y -> y.2 = 'reply', arraySlice(events, 1, i - 1)).1, arrayEnumerate(events)), [epoch]) AS raw_dues,
    arraySlice(raw_dues, 2) AS dues,
    arrayCumSum(arrayMap(x -> toUInt16((kind = 'order' AND x.2 = 'reopen') OR (kind = 'rating' AND x.2 IN ('reject', 'reopen'))), events)) AS segments,
    arrayMap((x, d, g, i) -> (x.1, if(i = length(events), far, events[i + 1].1), x.3, d, g, x.2), events, dues, segments, arrayEnumerate(events)) AS pieces
FROM (SELECT * FROM work_items FINAL) AS w
INNER JOIN
(
    SELECT kind, id, arrayMap(x -> x.2, arraySort(x -> x.1, groupArray((seq, (effective_at, toString(event), toString(state), payload))))) AS events
    FROM work_events FINAL
    GROUP BY kind, id
) AS e ON e.kind = w.kind AND e.id = w.id

-- What each ticket should count in, as of every instant: one row per ticket of figure_subjects, made as in
-- case_movements. Each row names its organisation: the holder of its time (C8). Facets: answered: 0 by the due;
-- late: none; due (dispatched, and its due came): 0 closed.
-- Uses of the text around it: figure_subjects (source_sys, subject).
WITH
    100000000000000 AS far,
    (toInt64(0), toUInt16(0), '') AS none,
    x -> toInt64(ifNull(toUnixTimestamp64Milli(x), 0)) AS ms
SELECT source_sys, subject, dims,
    arrayFilter(r -> r.8 != 0, arrayMap(k -> (k.1, k.2, k.3, k.4, k.5, k.6, k.7, toInt16(arraySum(r -> if((r.1, r.2, r.3, r.4, r.5, r.6, r.7) = k, r.8, 0), m_raw))),
        arrayDistinct(arrayMap(r -> (r.1, r.2, r.3, r.4, r.5, r.6, r.7), m_raw)))) AS m
FROM
(
    SELECT
        source_sys, ticket_no AS subject,
    (toString(region_code), '', '', '', toString(channel), '', toString(kind), toString(called_number), '') AS dims,
    if(nowhere, [], arrayFilter(r -> r.2 < 10 * far AND r.8 != 0, arrayConcat(
        arrayFlatten(arrayMap((measure, seq) -> arrayConcat(
                arrayMap((x, p, a) -> (measure, 10 * x.1, greatest(a - x.1, 0), toInt64(0), x.2, toInt32(0), x.3, toInt16(x.1 != 0 AND x != p)), seq, arrayPushFront(arrayPopBack(seq), none), hm),
                arrayMap((x, p, a) -> (measure, 10 * p.1, greatest(a - p.1, 0), toInt64(0), p.2, toInt32(0), p.3, toInt16(-(p.1 != 0 AND x != p))), seq, arrayPushFront(arrayPopBack(seq), none), hm)),
            ['received', 'answered'], [on_received, on_answered])),
        if(empty(toggles), if(counts[1], stocks, []), arrayConcat(
            arrayFilter(r -> counts[arrayLastIndex(a -> 10 * a <= r.2, hm)], stocks),
            arrayFlatten(arrayMap(k -> arrayMap(r -> (r.1, r.2, hm[k] - intDiv(r.2, 10), r.4, r.5, r.6, r.7, toInt16(if(counts[k], r.8, -r.8))), arrayFilter(r -> r.2 < 10 * hm[k], stocks)), toggles)))),
        arrayFlatten(arrayMap((l, p, a) -> arrayConcat(
                arrayMap(r -> (r.1, r.2, greatest(a - intDiv(r.2, 10), 0), r.3, r.4, toInt32(0), r.5, r.6), arrayFilter(r -> NOT has(p, r), l)),
                arrayMap(r -> (r.1, r.2, greatest(a - intDiv(r.2, 10), 0), r.3, r.4, toInt32(0), r.5, toInt16(-r.6)), arrayFilter(r -> NOT has(l, r), p))),
            retold, arrayPopBack(arrayPushFront(retold, [])), if(is_spanned, hm, [])))
    ))) AS m_raw
    FROM
    (
        SELECT
            *,
            -- of a life that was told anew, by view: what its end ends
            arrayMap((c, s, ex, next, spans) -> arrayConcat(
                arrayFilter(r -> c AND r.2 < 10 * next, arrayFlatten(arrayMap(w -> [
                        ('answered', greatest(w.1, 10 * stop[w.3]), intDiv(greatest(w.1, 10 * stop[w.3]), 10) - stop[w.3], toUInt16(stop[w.3] <= judged[w.3]), answers_for[w.3], toInt16(1)),
                        ('answered', w.2, intDiv(w.2, 10) - stop[w.3], toUInt16(stop[w.3] <= judged[w.3]), answers_for[w.3], toInt16(-1))],
                    arrayFilter(w -> stop[w.3] != 0 AND he[w.3] = '' AND judged[w.3] != 0 AND 10 * stop[w.3] < w.2, spans)))),
                arrayFilter(r -> is_retold AND c AND ex = '' AND s != 0 AND r.2 < 10 * next, arrayFlatten(arrayMap(
                    w -> [(w.1, w.2, intDiv(w.2, 10) - w.4, w.5, w.6, toInt16(-1)), (w.1, w.3, intDiv(w.3, 10) - w.4, w.5, w.6, toInt16(1))],
                    arrayFilter(w -> w.2 < w.3, arrayMap(w -> (w.1, greatest(w.2, 10 * s), w.3, if(w.4 < 0, s, least(w.4, s)), w.5, w.6), arrayFilter(w -> w.1 = 'late', lasting))))))),
                if(is_spanned, counts, []), if(is_spanned, stop, []), if(is_spanned, he, []), if(is_spanned, hn, []), shown) AS retold
        FROM
        (
            SELECT
                *,
                arrayFlatten(arrayMap(w -> [
                    (w.1, w.2, toInt64(0), if(w.4 < 0, toInt64(-1), intDiv(w.2, 10) - w.4), w.5, toInt32(0), w.6, toInt16(1)),
                    (w.1, w.3, toInt64(0), if(w.4 < 0, toInt64(-1), intDiv(w.3, 10) - w.4), w.5, toInt32(0), w.6, toInt16(-1))], lasting)) AS stocks,
                arrayMap((c, x, o, next) -> if(c AND x != 0 AND x < next, (x, toUInt16(0), o), none), counts, received, org, hn) AS on_received,
                arrayMap((c, x, ex, d, o, next) -> if(c AND x != 0 AND x < next AND ex = '' AND d != 0 AND NOT is_spanned, (x, toUInt16(x <= d), o), none), counts, stop, he, judged, answers_for, hn) AS on_answered
            FROM
            (
                SELECT
                    *,
                    is_retold OR notEmpty(taken) AS is_spanned,
                    -- which answer shows in the periods that end in which span, in tenths of milliseconds, by view
                    arrayMap(a -> arrayZip(
                            arrayPushFront(arrayMap(r -> 10 * hm[r], arrayFilter(r -> hm[r] <= a, taken)), toInt64(0)),
                            arrayPushBack(arrayMap(r -> 10 * hm[r], arrayFilter(r -> hm[r] <= a, taken)), toInt64(10 * far)),
                            arrayPushBack(arrayMap(r -> toInt64(r) - 1, arrayFilter(r -> hm[r] <= a, taken)), toInt64(arrayLastIndex(x -> x <= a, hm)))),
                        if(is_spanned, hm, [])) AS shown,
                    arrayFilter((k, c, p) -> c != p, arrayEnumerate(counts), counts, arrayPushFront(arrayPopBack(counts), counts[1])) AS toggles,
                    -- (measure, from, until, deciding instant or none, facets, organisation), in tenths of milliseconds
                    arrayFilter(r -> r.2 < r.3, arrayConcat(
                        arrayMap((at, next, ex, s, d, o) -> ('late', if(ex = '' AND s = 0 AND d != 0, greatest(10 * at, 10 * d + 5), toInt64(0)), if(ex = '' AND s = 0 AND d != 0, 10 * next, toInt64(0)), toInt64(-1), toUInt16(0), o), hm, hn, he, stop, judged, answers_for),
                        arrayMap((at, next, ex, p, d, c, o) -> ('t_due', if(ex = '' AND p != 0 AND d != 0, 10 * greatest(at, d), toInt64(0)), if(ex = '' AND p != 0 AND d != 0, 10 * next, toInt64(0)), d, toUInt16(c != 0), o), hm, hn, he, dispatched, judged, closed, answers_for))) AS lasting
                FROM
                (
                    SELECT
                        *,
                        arrayMap((m, d) -> if(m = 0, d, m), arrayMap(ms, h_missed_due), due) AS judged,
                        arrayMap((m, o, h) -> if(isNull(m), h, toString(o)), h_missed_due, h_missed_org, org) AS answers_for,
                        arrayMap(ex -> NOT nowhere AND ex NOT IN ('void', 'test', 'secret'), he) AS counts,
                        -- the entries that took an answer back
                        arrayFilter((k, at, s, p) -> s = 0 AND p != 0 AND has(takes, at), arrayEnumerate(hm), hm, stop, arrayPushFront(arrayPopBack(stop), toInt64(0))) AS taken,
                        arrayExists((at, s, p, o, po) -> s != 0 AND (s != p AND s < at OR s = p AND o != po), hm, stop, arrayPushFront(arrayPopBack(stop), toInt64(0)), org, arrayPushFront(arrayPopBack(org), '')) AS is_retold
                    FROM
                    (
                        SELECT
                            source_sys, ticket_no, region_code, channel, kind, called_number, is_test OR h_excluded[-1] = 'secret' AS nowhere,
                            arrayMap(ms, h_at) AS hm, arrayPushBack(arrayPopFront(arrayMap(ms, h_at)), far) AS hn, h_excluded AS he, arrayMap(ms, h_received_at) AS received,
                            arrayMap(ms, h_dispatched_at) AS dispatched, arrayMap(ms, h_stop_at) AS stop, arrayMap(ms, h_closed_at) AS closed, arrayMap(ms, h_due_at) AS due,
                            arrayMap(x -> toString(x), h_org) AS org, h_missed_due, h_missed_org,
                            arrayMap(ms, arrayFilter((at, t, legal) -> t IN ('t_redo', 't_reopen', 't_dispatch', 't_redispatch') AND legal, f_at, f_type, f_legal)) AS takes
                        FROM tickets FINAL
                        PREWHERE (source_sys, ticket_no) IN (figure_subjects)
                    )
                )
            )
        )
    )
)

-- What each case should count in, as of every instant: one row per case of figure_subjects. m are rows
-- of movements (0230_create_movements.sql). Facets, by bit:
--   applied, accepted: 0 its beginning has come    finished: 0 fully online
--   ended (the clock stopped, as of as_of): 0 a promised due, not immediate; 1 a working day before it; 2 net days known, in value
--   due (the promised due came): 0 stopped by it    open, overdue, overdue_law: none
--   stopped (in a period, which keeps an end that a reopening took back later): 0 a promised due, 1 kept; 2 judged by law, 3 kept
-- A view is a span of as-of instants in which nothing is said about the case; what a view shows
-- that the one before did not begins to count with it. h_ arrays are read in milliseconds; 0 = null.
-- Uses of the text around it: figure_subjects (source_sys, subject).
-- include: joint_in_time, joint_ways, joint_leads, joint_excluded
WITH
    100000000000000 AS far,
    (toInt64(0), toUInt16(0), toInt32(0)) AS none,
    x -> toInt64(ifNull(toUnixTimestamp64Milli(x), 0)) AS ms
SELECT source_sys, subject, dims,
    -- of a case with an irregular life one row may undo another
    if(irregular, arrayFilter(r -> r.8 != 0, arrayMap(k -> (k.1, k.2, k.3, k.4, k.5, k.6, k.7, toInt16(arraySum(r -> if((r.1, r.2, r.3, r.4, r.5, r.6, r.7) = k, r.8, 0), m_raw))),
        arrayDistinct(arrayMap(r -> (r.1, r.2, r.3, r.4, r.5, r.6, r.7), m_raw)))), m_raw) AS m
FROM
(
    SELECT
        source_sys, case_no AS subject,
    (toString(region_code), toString(task_code), toString(item_type), toString(project_type), toString(channel), toString(window_id), '', '', toString(org_code)) AS dims,
    if(nowhere, [], arrayConcat(
        -- what becomes of a point from view to view: it comes, goes, or moves
        arrayFilter(r -> r.8 != 0, arrayMap((m, x, p, a) -> (m, 10 * x.1, greatest(a - x.1, 0), toInt64(0), x.2, x.3, '', toInt16(x.1 != 0 AND x != p)), p_measure, p_is, p_was, p_view)),
        arrayFilter(r -> r.8 != 0, arrayMap((m, x, p, a) -> (m, 10 * p.1, greatest(a - p.1, 0), toInt64(0), p.2, p.3, '', toInt16(-(p.1 != 0 AND x != p))), p_measure, p_is, p_was, p_view)),
        if(empty(toggles), if(counts[1], stocks, []), arrayConcat(
            arrayFilter(r -> counts[arrayLastIndex(a -> 10 * a <= r.2, v)], stocks),
            arrayFlatten(arrayMap(k -> arrayMap(r -> (r.1, r.2, v[k] - intDiv(r.2, 10), r.4, r.5, r.6, r.7, toInt16(if(counts[k], r.8, -r.8))), arrayFilter(r -> r.2 < 10 * v[k], stocks)), toggles)))),
        arrayFlatten(arrayMap((l, p, a) -> arrayConcat(
                arrayMap(r -> (r.1, r.2, greatest(a - intDiv(r.2, 10), 0), r.3, r.4, toInt32(0), '', r.5), arrayFilter(r -> NOT has(p, r), l)),
                arrayMap(r -> (r.1, r.2, greatest(a - intDiv(r.2, 10), 0), r.3, r.4, toInt32(0), '', toInt16(-r.5)), arrayFilter(r -> NOT has(l, r), p))),
            retold, arrayPopBack(arrayPushFront(retold, [])), if(is_retold, v, [])))
    )) AS m_raw,
        is_retold OR notEmpty(toggles) AS irregular
    FROM
    (
        SELECT
            *,
            arrayMap((spans, c, next) -> arrayFilter(r -> c AND r.2 < 10 * next, arrayFlatten(arrayMap(
                    w -> [(w.1, w.2, intDiv(w.2, 10) - w.4, w.5, w.6), (w.1, w.3, intDiv(w.3, 10) - w.4, w.5, toInt16(-w.6))],
                    arrayFilter(w -> w.2 < w.3, arrayFlatten(arrayMap(s -> arrayMap(
                            o -> (o.1, greatest(o.3, s.1, 10 * stop[s.3]), least(o.4, s.2), stop[s.3], toUInt16(if(o.2 = 5, bitAnd(ends[s.3], 15), 0)), o.5),
                            arrayFilter(o -> bitAnd(ends[s.3], o.2) != 0, ended_by)),
                        spans)))))),
                shown, if(is_retold, counts, []), if(is_retold, vn, [])) AS retold
        FROM
        (
            SELECT
                *,
                arrayConcat(arrayMap(x -> 'applied', v), arrayMap(x -> 'accepted', v), arrayMap(x -> 'finished', v), arrayMap(x -> 'ended', v), arrayMap(x -> 'due', v), arrayMap(x -> 'stopped', v)) AS p_measure,
                arrayConcat(v, v, v, v, v, v) AS p_view,
                arrayConcat(on_applied, on_accepted, on_finished, on_ended, on_due, on_stopped) AS p_is,
                arrayConcat(arrayPushFront(arrayPopBack(on_applied), none), arrayPushFront(arrayPopBack(on_accepted), none), arrayPushFront(arrayPopBack(on_finished), none),
                    arrayPushFront(arrayPopBack(on_ended), none), arrayPushFront(arrayPopBack(on_due), none), arrayPushFront(arrayPopBack(on_stopped), none)) AS p_was,
                arrayConcat(
                    arrayFlatten(arrayMap((o, p, at) -> if(o = p, [], [('open', 10 * at, toInt64(0), toInt64(-1), toUInt16(0), toInt32(0), '', toInt16(if(o, 1, -1)))]), opened, arrayPushFront(arrayPopBack(opened), false), hm)),
                    arrayMap(r -> ('overdue', r.1, toInt64(0), toInt64(-1), toUInt16(0), toInt32(0), '', toInt16(1)), arrayFilter(r -> NOT arrayExists(o -> o.2 = r.1, late), late)),
                    arrayMap(r -> ('overdue', r.2, toInt64(0), toInt64(-1), toUInt16(0), toInt32(0), '', toInt16(-1)), arrayFilter(r -> r.2 < 10 * far AND NOT arrayExists(o -> o.1 = r.2, late), late)),
                    arrayMap(r -> ('overdue_law', r.1, toInt64(0), toInt64(-1), toUInt16(0), toInt32(0), '', toInt16(1)), arrayFilter(r -> NOT arrayExists(o -> o.2 = r.1, late_law), late_law)),
                    arrayMap(r -> ('overdue_law', r.2, toInt64(0), toInt64(-1), toUInt16(0), toInt32(0), '', toInt16(-1)), arrayFilter(r -> r.2 < 10 * far AND NOT arrayExists(o -> o.1 = r.2, late_law), late_law))
                ) AS stocks,
                -- of a life that was told anew: which end shows in the periods that end in which span, by view
                arrayMap(a -> arrayFilter(s -> stop[s.3] != 0, arrayZip(
                        arrayPushFront(arrayMap(r -> 10 * hm[r], arrayFilter(r -> hm[r] <= a, reopened)), toInt64(0)),
                        arrayPushBack(arrayMap(r -> 10 * hm[r], arrayFilter(r -> hm[r] <= a, reopened)), toInt64(10 * far)),
                        arrayPushBack(arrayMap(r -> toInt64(r) - 1, arrayFilter(r -> hm[r] <= a, reopened)), toInt64(arrayLastIndex(x -> x <= a, hm))))),
                    if(is_retold, v, [])) AS shown,
                -- what an end is, and what it ends
                if(is_retold, arrayConcat([('stopped', toUInt8(5), toInt64(0), toInt64(10 * far), toInt16(1))],
                    arrayMap(r -> ('overdue', toUInt8(16), r.1, r.2, toInt16(-1)), late), arrayMap(r -> ('overdue_law', toUInt8(32), r.1, r.2, toInt16(-1)), late_law)), []) AS ended_by
            FROM
            (
                SELECT
                    *,
                    arrayMap((c, x, ex, next) -> if(c AND x != 0 AND x < next, (x, toUInt16(ex != 'incomplete'), toInt32(0)), none), counts, v_applied, ve, vn) AS on_applied,
                    arrayMap((c, x, ex, next) -> if(c AND x != 0 AND x < next, (x, toUInt16(ex != 'incomplete'), toInt32(0)), none), counts, v_accepted, ve, vn) AS on_accepted,
                    arrayMap((c, x, st, ex, next, visits, d, a) -> if(c AND x != 0 AND x < next AND st IN ('decided', 'finished', 'delivered') AND ex != 'incomplete',
                            (x, toUInt16(is_online AND visits = 0 AND d != 0 AND handed_well[arrayLastIndex(t -> t <= a, handed_at)]), toInt32(0)), none),
                        counts, if(empty(vi), completed, arrayMap(i -> completed[i], vi)), if(empty(vi), h_state, arrayMap(i -> h_state[i], vi)), ve, vn,
                        if(empty(vi), h_visits, arrayMap(i -> h_visits[i], vi)), if(empty(vi), delivered, arrayMap(i -> delivered[i], vi)), v) AS on_finished,
                    arrayMap((c, x, ex, next, d, margin, days) -> if(c AND x != 0 AND x < next AND ex = '',
                            (x, toUInt16((d != 0 AND NOT is_immediate) + 2 * (d != 0 AND NOT is_immediate AND ifNull(margin >= 1, false)) + 4 * isNotNull(days)), toInt32(ifNull(days, 0))), none),
                        counts, v_stop, ve, vn, v_due, if(empty(vi), h_margin_days, arrayMap(i -> h_margin_days[i], vi)), if(empty(vi), h_net_days, arrayMap(i -> h_net_days[i], vi))) AS on_ended,
                    arrayMap((c, x, ex, next, s, p, a) -> if(c AND x != 0 AND x < next AND ex = '' AND p < a,
                            (x, toUInt16(s != 0 AND s <= x), toInt32(0)), none), counts, v_due, ve, vn, v_stop, if(empty(vi), pause, arrayMap(i -> pause[i], vi)), v) AS on_due,
                    arrayMap((c, x, bits, next) -> if(c AND x != 0 AND x < next AND bitAnd(bits, 5) != 0 AND NOT is_retold,
                        (x, bitAnd(bits, 15), toInt32(0)), none), counts, v_stop, v_ends, vn) AS on_stopped
                FROM
                (
                    SELECT
                        *,
                        notEmpty(reopened) OR arrayExists((at, s, p) -> s != 0 AND s != p AND s < at, hm, stop, arrayPushFront(arrayPopBack(stop), toInt64(0))) AS is_retold,
                        arrayFilter((k, c, p) -> c != p, arrayEnumerate(counts), counts, arrayPushFront(arrayPopBack(counts), counts[1])) AS toggles,
                        -- spans in which an open case is late, in tenths of milliseconds
                        arrayFilter(r -> r.1 < r.2, arrayMap((at, next, ex, st, s, d, p) -> if(ex = '' AND s = 0 AND d != 0 AND st IN ('submitted', 'correcting', 'accepted', 'processing', 'suspended'),
                            (greatest(10 * at, 10 * d + 5, if(p = 0, 0, 10 * p + 5)), 10 * next), (toInt64(0), toInt64(0))), hm, hn, he, h_state, stop, due, pause)) AS late,
                        arrayFilter(r -> r.1 < r.2, arrayMap((at, next, ex, st, s, d, p) -> if(ex = '' AND s = 0 AND d != 0 AND st IN ('submitted', 'correcting', 'accepted', 'processing', 'suspended'),
                            (greatest(10 * at, 10 * d + 5, if(p = 0, 0, 10 * p + 5)), 10 * next), (toInt64(0), toInt64(0))), hm, hn, he, h_state, stop, legal, legal_pause)) AS late_law,
                        arrayMap((ex, st) -> st IN ('submitted', 'correcting', 'accepted', 'processing', 'suspended') AND ex NOT IN ('void', 'test', 'secret', 'incomplete'), he, h_state) AS opened,
                        -- the entries by view
                        if(empty(vi), he, arrayMap(i -> he[i], vi)) AS ve, if(empty(vi), applied, arrayMap(i -> applied[i], vi)) AS v_applied,
                        if(empty(vi), accepted, arrayMap(i -> accepted[i], vi)) AS v_accepted, if(empty(vi), stop, arrayMap(i -> stop[i], vi)) AS v_stop,
                        if(empty(vi), due, arrayMap(i -> due[i], vi)) AS v_due, if(empty(vi), ends, arrayMap(i -> ends[i], vi)) AS v_ends
                    FROM
                    (
                        SELECT
                            *,
                            if(empty(head_since), seen, arrayMap((c, a) -> c AND NOT (
                                arrayExists((since, ats, exs, leads) -> since <= a AND (leads OR a <= due[-1]) AND exs[arrayLastIndex(x -> x <= a AND (due[-1] = 0 OR x <= due[-1]), ats)] = '', head_since, head_at, head_excluded, head_leads)
                                AND NOT (is_part AND part_since <= a)), seen, v)) AS counts,
                            -- the entries that took an end back, and whether an end was told later than it was
                            arrayFilter((k, at, s, p) -> s = 0 AND p != 0 AND arrayExists((a, b) -> a = p AND b = at, p_from, p_until), arrayEnumerate(hm), hm, stop, arrayPushFront(arrayPopBack(stop), toInt64(0))) AS reopened
                        FROM
                        (
                            SELECT
                                *,
                                arrayMap((ex, a) -> NOT nowhere AND ex NOT IN ('void', 'test', 'secret'), if(empty(vi), he, arrayMap(i -> he[i], vi)), v) AS seen,
                                -- bits of an end, by entry; 4 and 5: it ends what runs, by the promise and by law
                                arrayMap((ex, s, d, l, st, dec) -> toUInt16(
                                    bitShiftLeft(ex = '' AND s != 0 AND d != 0, 0) + bitShiftLeft(ex = '' AND s != 0 AND d != 0 AND s <= d, 1) + bitShiftLeft(ex = '' AND s != 0, 4)
                                    + if(s != 0 AND if(st IN ('withdrawn', 'terminated', 'not_accepted') AND dec = 0 AND ex IN ('', 'withdrawn', 'terminated_by_applicant', 'terminated_before_due', 'not_accepted'),
                                            l != 0 AND s > l, ex = ''), if(l != 0, 4, 0) + if(l != 0 AND s <= l, 8, 0) + 32, 0)), he, stop, due, legal, h_state, decided) AS ends
                            FROM
                            (
                                SELECT
                                    *,
                                    arrayPushBack(arrayPopFront(v), far) AS vn,
                                    -- the entry of the history that each view shows; empty: each its own
                                    if(empty(more), [], arrayMap(a -> arrayLastIndex(x -> x <= a, hm), v)) AS vi
                                FROM
                                (
                                    SELECT
                                        *,
                                        if(empty(more), hm, arraySort(arrayDistinct(arrayConcat(hm, more)))) AS v
                                    FROM
                                    (
                                        SELECT
                                            *,
                                            arrayFilter(x -> x > hm[1] AND NOT has(hm, x), arrayConcat(handed_at, arrayMap(x -> x + 1, arrayFilter(x -> x > 0, pause)),
                                                if(empty(head_since), [], arrayConcat(head_since, arrayFlatten(head_at), [part_since], if(due[-1] = 0, [], [due[-1] + 1]))))) AS more,
                                            arrayMap((d, f, l) -> if(d = 0 AND f = 0 AND l = 0, 0, least(if(d = 0, far, d), if(f = 0, far, f), if(l = 0, far, l))), decided, finished, delivered) AS completed
                                        FROM
                                        (
                                            SELECT
                                                source_sys, case_no, region_code, org_code, task_code, item_type, project_type, channel, window_id, is_test OR secret AS nowhere,
                                                channel IN ('web', 'app', 'mini_program', 'auto') AS is_online,
                                                ifNull(arrayLast((days, clock) -> clock = 'K3', k_limit, k_clock) = 0, false) AS is_immediate,
                                                parent_case_no != '' AS is_part, ms(parent_since) AS part_since,
                                                arrayMap(ms, h_at) AS hm, h_state, h_excluded AS he, arrayMap(ms, h_applied_at) AS applied, arrayMap(ms, h_accepted_at) AS accepted,
                                                arrayMap(ms, h_decided_at) AS decided, arrayMap(ms, h_finished_at) AS finished, arrayMap(ms, h_delivered_at) AS delivered,
                                                arrayMap(ms, h_stop_at) AS stop, arrayMap(ms, h_promise_due) AS due, arrayMap(ms, h_legal_due) AS legal,
                                                arrayMap(ms, h_pause_until) AS pause, arrayMap(ms, h_legal_pause_until) AS legal_pause, h_visits, h_margin_days, h_net_days,
                                                arrayMap(ms, p_from_at) AS p_from, arrayMap(ms, p_until_at) AS p_until,
                                                arrayMap(ms, arrayFilter((at, t) -> t = 'deliver', f_at, f_type)) AS handed_at,
                                                arrayMap(p -> JSONExtractString(p, 'method') IN ('post', 'electronic', 'online', 'web', 'app', 'mini_program'), arrayFilter((p, t) -> t = 'deliver', f_payload, f_type)) AS handed_well,
                                                -- the last entry of the history ends with it
                                                arrayPushBack(arrayPopFront(arrayMap(ms, h_at)), far) AS hn
                                            FROM cases FINAL
                                            PREWHERE (source_sys, case_no) IN (figure_subjects)
                                        ) AS lives
                                        ANY LEFT JOIN
                                        (
                                            SELECT parent_sys, parent_no, groupArray(ms(member_since)) AS head_since, groupArray(arrayMap(ms, s_at)) AS head_at, groupArray(s_excluded) AS head_excluded, groupArray({{joint_leads}}) AS head_leads
                                            FROM
                                            (
                                                SELECT source_sys AS parent_sys, parent_case_no AS parent_no, member_since, member_told_at, {{joint_ways}} AS ways, h_at AS s_at, {{joint_excluded}} AS s_excluded
                                                FROM cases FINAL
                                                PREWHERE (source_sys, case_no) IN (SELECT source_sys, case_no FROM case_links WHERE (source_sys, parent_case_no) IN (figure_subjects))
                                                WHERE parent_case_no != '' AND parent_case_no != case_no AND NOT is_test AND NOT secret
                                            ) AS s
                                            ANY LEFT JOIN
                                            (
                                                SELECT source_sys AS p_sys, case_no AS p_no, toString(project_type) AS p_type, h_at AS p_at, h_stop_at AS p_stop, h_promise_due AS p_due, arrayMin(f_first_received_at) AS p_told
                                                FROM cases FINAL
                                                PREWHERE (source_sys, case_no) IN (SELECT source_sys, parent_case_no FROM case_links WHERE (source_sys, parent_case_no) IN (figure_subjects))
                                            ) AS p ON p_sys = parent_sys AND p_no = parent_no
                                            WHERE {{joint_in_time}}
                                            GROUP BY parent_sys, parent_no
                                        ) AS heads ON parent_sys = source_sys AND parent_no = case_no
                                    )
                                )
                            )
                        )
                    )
                )
            )
        )
    )
)

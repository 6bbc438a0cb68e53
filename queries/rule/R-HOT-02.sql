-- purpose: Ticket due or over: the handling clock (T5, after a redo order T8) nears its due, passes it, is more than five working days past it.
-- grain: one row per run of T5 or T8 that came, or will come, into its last working day
-- include: workdays, rule_steps, steps, ticket_subjects
-- param: warn_days UInt16 = warning from the start of the working day that lies this many working days before the due day
-- param: red_days UInt16 = red when more working days than this have passed since the due day
-- source: domain guide 6.2, R-HOT-02; 3, T5, T6, T8; 2.4 overdue_days = CountWD(due, now)
-- Decisions: the history is read piece by piece with the due that was in force in
-- each, so that an extension takes the warning back from then on and not in
-- hindsight. A reply, a close or an approved hang ends a warning; yellow and red
-- stay on record: nothing that is said after the due moves it. Two decisions of the
-- hotline take effect from when they were asked for, if that was in time: an extension
-- that is granted later, whose due then holds, and a return that is accepted later,
-- which ended the clock. An urgent ticket is in its last day from when it is urgent. Excluded
-- tickets (invalid, merged, hung) say nothing from when they are. The organisation of a
-- card is the one that held the ticket when it was due; of a warning the one that held it when its
-- clock stopped, and for a clock that was replaced by another one, the one it was started for.
-- Pieces, steps and their verdicts are each computed in a level of their own: as aliases of one
-- level they would be planned once for each place that names them.
SELECT
    source_sys, ticket_no AS subject_no, concat(clock, '/', toString(no)) AS clock_no,
    if(notEmpty(late), h_org[arrayLastIndex(x -> x < arrayMin(s -> s.1, late), h_at)], if(start_at = k_start_at[-1] OR NOT has(arrayMap((c, s) -> c IN ('T5', 'T8') AND s > start_at, k_clock, k_start_at), true), tickets_org, h_org[arrayLastIndex(x -> x <= start_at, h_at)])) AS org_code,
    region_code, '' AS task_code, '' AS window_id, '' AS staff_id,
    said AS steps,
    due AS due_at,
    map('clock', clock, 'started_at', toString(start_at), 'stopped_at', ifNull(toString(clock_stop), ''), 'kind', kind, 'urgent', toString(urgent), 'extended_days', toString(extended_days)) AS evidence
FROM
(
    WITH
    {{steps}}
    SELECT *, arrayConcat(
        tidy_steps(arrayFilter(s -> s.1 < far AND NOT arrayExists(v -> v.1 <= s.1, late), early)),
        rising_steps(late)) AS said
    FROM
    (
        WITH
        {{workdays}},
        {{rule_steps}},
        {{steps}},
        -- a due of its source, and that of an urgent ticket, hangs on no notice; what is counted from it does
        (b, t) -> multiIf(h_due_basis[-1] != 'source' AND NOT urgent, surely(local_day(start_at), b, t), isNotNull(due) AND b > local_day(assumeNotNull(due)), surely(local_day(assumeNotNull(due)), b, t), t) AS counted
        SELECT *,
            arrayConcat(
                arrayMap(p -> (p.1, ''), pieces),
                [(ifNull(clock_stop, far), '')],
                if(h_due_basis[-1] = 'source' OR isNull(due) OR published(local_day(start_at), local_day(assumeNotNull(due))),
                    arrayFilter((s, p) -> s.1 < p.2, arrayMap(p -> (greatest(day_start(wd_before(local_day(p.3), {warn_days:UInt16})), p.1), 'warning'), active), active), [])
            ) AS early,
            arrayFilter(s -> isNull(due) OR s.1 > assumeNotNull(due), arrayConcat(
                arrayFilter((s, p) -> s.1 <= p.2 AND s.1 < far, arrayMap(p -> (greatest(addMilliseconds(counted(local_day(p.3), p.3), 1), p.1), 'yellow'), active), active),
                arrayFilter((s, p) -> s.1 <= p.2 AND s.1 < far, arrayMap((p, red) -> (greatest(counted(red, day_start(red)), p.1), 'red'), active, arrayMap(p -> add_wd(local_day(p.3), {red_days:UInt16} + 1), active)), active)
            )) AS late
        FROM
        (
            WITH
            {{steps}},
            arrayMap(i -> (
                    greatest(h_at[i], start_at),
                    least(if(i = length(h_at), far, h_at[i + 1]), ifNull(clock_stop, far)),
                    ifNull(h_due_at[i], far),
                    isNull(h_stop_at[i]) AND h_excluded[i] = '' AND isNotNull(h_due_at[i])),
                arrayEnumerate(h_at)) AS all_pieces
            SELECT source_sys, ticket_no, region_code, tickets_org, kind, urgent, h_at, h_org, h_due_basis, k_clock, k_start_at,
                clock, no, start_at, due, clock_stop, extended_days,
                arrayFilter(p -> p.1 < p.2, all_pieces) AS pieces, arrayFilter(p -> p.4, pieces) AS active
            FROM (SELECT *, org_code AS tickets_org FROM ({{ticket_subjects}}))
            ARRAY JOIN k_clock AS clock, k_no AS no, k_start_at AS start_at, k_due_at AS due, k_stop_at AS clock_stop, k_extended_days AS extended_days
            WHERE clock IN ('T5', 'T8')
        )
    )
)
WHERE notEmpty(steps)

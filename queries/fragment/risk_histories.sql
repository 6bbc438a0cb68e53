-- The histories that early warning learns from and is asked about, cases and
-- tickets alike: one row per subject. hist holds what was in force, one element
-- per change: (1 from, 2 until, 3 open, 4 excluded, 5 organisation, 6 start of the
-- clock, 7 stop, 8 due, 9 the due is the source's own, 10 paused until, 11 state);
-- p_at and p_step say at which step the subject stood from when: its steps, for a
-- subject without steps the activities of its log, else nothing (the state stands
-- in). Uses of the text around it: asked_kind ('case' or 'ticket'), last_fact (facts
-- that occurred later do not exist). Test, secret and voided subjects and parents of
-- joint cases take no part (C4, C5).
-- include: facts_in_force_cases, joint_pairs, joint_in_time
-- param: source String ? = source system; empty = all
SELECT
    kind, source_sys, subject_no, region_code, item, calendar_version, hist,
    if(empty(s_at), a_at, s_at) AS p_at,
    if(empty(s_at), a_step, s_code) AS p_step
FROM
(
    SELECT
        'case' AS kind, source_sys, case_no AS subject_no, toString(region_code) AS region_code, toString(task_code) AS item, calendar_version,
        arrayMap(
            (at, next, state, excluded, start, stop, due, basis, pause) -> (
                at, next, state IN ('submitted', 'correcting', 'accepted', 'processing', 'suspended'), toString(excluded),
                toString(org_code), start, stop, due, basis = 'source', pause, toString(state)),
            h_at, arrayPushBack(arrayPopFront(h_at), toDateTime64('2299-12-31 00:00:00', 3, 'UTC')), h_state, h_excluded, h_accepted_at,
            h_stop_at, h_promise_due, h_promise_basis, h_pause_until) AS hist,
        s_start_at AS s_at,
        arrayMap(x -> toString(x), s_step) AS s_code
    FROM cases FINAL
    WHERE asked_kind = 'case' AND ({source:String} = '' OR source_sys = {source:String}) AND NOT is_test AND NOT secret
        AND h_at[1] <= last_fact
        AND (source_sys, case_no) NOT IN
        (
            SELECT parent_sys, parent_no FROM ({{joint_pairs}})
            WHERE member_since <= last_fact AND (leads OR last_fact <= p_last_due) AND s_excluded[arrayLastIndex(x -> x <= last_fact AND ifNull(x <= p_last_due, true), s_at)] = '' AND NOT (p_parent != '' AND p_since <= last_fact)
        )
    UNION ALL
    SELECT
        'ticket', source_sys, ticket_no, toString(region_code), toString(if(ticket_topic = '', kind, ticket_topic)), calendar_version,
        arrayMap(
            (at, next, state, excluded, org, start, stop, due, basis) -> (
                at, next, state NOT IN ('closed', 'invalid', 'merged'), toString(excluded),
                toString(org), start, stop, due, basis = 'source', CAST(NULL, 'Nullable(DateTime64(3, \'UTC\'))'), toString(state)),
            h_at, arrayPushBack(arrayPopFront(h_at), toDateTime64('2299-12-31 00:00:00', 3, 'UTC')), h_state, h_excluded, h_org,
            h_received_at, h_stop_at, h_due_at, h_due_basis),
        [], []
    FROM tickets FINAL
    WHERE asked_kind = 'ticket' AND ({source:String} = '' OR source_sys = {source:String}) AND NOT is_test AND NOT secret
        AND h_at[1] <= last_fact
) AS s
LEFT JOIN
(
    SELECT
        source_sys AS a_sys, case_no AS a_no,
        arraySort(groupArray((occurred_at, seq, event_id, toString(activity)))) AS acts,
        arrayMap(a -> a.1, acts) AS a_at,
        arrayMap(a -> a.4, acts) AS a_step
    FROM ({{facts_in_force_cases}})
    WHERE asked_kind = 'case' AND activity != '' AND ({source:String} = '' OR source_sys = {source:String})
    GROUP BY source_sys, case_no
) AS a ON a_sys = source_sys AND a_no = subject_no

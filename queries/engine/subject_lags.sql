-- purpose: Ask of alerts that facts would take back how late those came, and whether any of them rewrites what was told before.
-- grain: one row per alert
-- include: retold_cases, retold_tickets
-- param: alerts Array(String) = alerts that may have to be taken back
-- param: kinds Array(String) = case or ticket, what each is about
-- param: sources Array(String) = source system of each
-- param: numbers Array(String) = number of each
-- param: said Array(DateTime64(3,'UTC')) = when each was announced
-- param: severe Array(DateTime64(3,'UTC')) = from when its severity holds, which is when what was due was over
-- param: late_facts Array(String) = clocks: only facts that move a clock say how late it was; steps: and those of steps; empty: all do
-- column: alert_id String = the alert; one without a fact that arrived since, or with none that could move it, is rewritten
-- column: lag_ms Int64 = the latest of its new facts: from its legal moment to its sending or arrival, whichever is later; of history from its announcement to the arrival
-- column: rewritten Bool = one of them rewrites what was told before, or none of them explains that the alert is taken back
-- column: facts Array(String) = type and event_id of up to five of them, those that rewrite first
-- source: domain guide 2.6: ingest − event, back-dating; docs/supervision.md section 1
-- Closed by default: an alert is taken back by itself only by facts that are told for the first time, and that no
-- word of their sender makes what they are. New is what arrived after the announcement, or within the minute before it,
-- which may not have been folded by then; deliveries are asked, not states, since what a revision made of a fact may be
-- in none. What rewrites:
--   * a void, an amend, or another revision of a fact, that arrived after the due, whenever it says that it was made;
--   * an event told anew at a better time, or that says test or secret;
--   * about a limit, any fact once the late end was told: it confirmed the alert;
--   * a fact in passing that says what kind of subject it is (joint, limits of its own, another item or kind of ticket), and a
--     second application or acceptance that does;
--   * what makes a case a sub-case (it is named, and accepted): of the joint case;
--   * of history, which is a subject that arrived more than a day after the due as a whole, all but what goes on towards
--     its end: what stops, moves or takes it out was due to be told then. For the rest the lateness of each fact says nothing,
--     as the load follows upon the announcement.
WITH
asked AS
(
    SELECT a.1 AS alert_id, a.2 AS kind, a.3 AS source, a.4 AS number, a.5 AS said, a.6 AS severe, a.7 AS late_facts
    FROM (SELECT arrayJoin(arrayZip({alerts:Array(String)}, {kinds:Array(String)}, {sources:Array(String)}, {numbers:Array(String)}, {said:Array(DateTime64(3,'UTC'))},
        {severe:Array(DateTime64(3,'UTC'))}, {late_facts:Array(String)})) AS a)
),
wanted AS
(
    SELECT *, true AS own FROM asked
    UNION ALL
    SELECT a.alert_id, 'case', a.source, l.case_no, a.said, a.severe, a.late_facts, false
    FROM asked AS a
    INNER JOIN (SELECT DISTINCT toString(source_sys) AS source, parent_case_no, case_no FROM case_links WHERE (source_sys, parent_case_no) IN (SELECT source, number FROM asked WHERE kind = 'case')) AS l
        ON l.source = a.source AND l.parent_case_no = a.number
    WHERE a.kind = 'case'
),
told AS
(
    SELECT 'case' AS kind, toString(source_sys) AS source, case_no AS number, toString(event_type) AS event_type, event_id, occurred_at, emitted_at, received_at, `offset`, payload,
        arrayFilter(x -> NOT endsWith(x, '='), [concat('task=', task_code), concat('version=', task_version)]) AS defines
    FROM case_events FINAL
    PREWHERE (source_sys, case_no) IN (SELECT source, number FROM wanted WHERE kind = 'case')
    UNION ALL
    SELECT 'ticket', toString(source_sys), ticket_no, toString(event_type), event_id, occurred_at, emitted_at, received_at, `offset`, payload,
        arrayFilter(x -> NOT endsWith(x, '='), [concat('kind=', kind)])
    FROM ticket_events FINAL
    PREWHERE (source_sys, ticket_no) IN (SELECT source, number FROM wanted WHERE kind = 'ticket')
),
retold AS
(
    SELECT 'case' AS kind, toString(source_sys) AS source, case_no AS number, event_type, event_id, at
    FROM (WITH retold_of AS (SELECT source AS source_sys, number AS case_no FROM wanted WHERE kind = 'case') SELECT * FROM ({{retold_cases}}))
    UNION ALL
    SELECT 'ticket', toString(source_sys), ticket_no, event_type, event_id, at
    FROM (WITH retold_of AS (SELECT source AS source_sys, number AS ticket_no FROM wanted WHERE kind = 'ticket') SELECT * FROM ({{retold_tickets}}))
)
SELECT
    alert_id, toInt64(maxIf(greatest(late, 0), counts)) AS lag_ms, toBool(max(rewrites) OR countIf(counts) = 0) AS rewritten,
    arraySlice(arrayDistinct(arrayMap(x -> x.3, arraySort(groupArrayIf((NOT rewrites, received_at, concat(event_type, ' ', event_id)), counts)))), 1, 5) AS facts
FROM
(
    SELECT
        alert_id, received_at, event_type, event_id,
        if(history, dateDiff('millisecond', said, received_at), dateDiff('millisecond', occurred_at, greatest(received_at, emitted_at))) AS late,
        event_type IN ('material', 'visit', 'activity', 't_note', 't_publish', 't_urge', 't_supervise', 't_visit') AS passing,
        match(payload, '"(limit_regime|project_type)":') AND (passing OR again_of_kind) OR passing AND NOT hasAll(defined, defines) AS makes,
        multiIf(
            event_type IN ('void', 'amend', 't_void', 't_amend') OR revised, received_at >= severe,
            match(payload, '"(is_test|secret)":true') OR confirmed OR makes, true,
            NOT own, event_type = 'accept' OR match(payload, '"parent_case_no":'),
            history AND event_type IN ('not_accept', 'withdraw', 'terminate', 'suspend_start', 'suspend_end', 'extend', 'fee_notice', 'reopen', 'transfer',
                't_return', 't_redispatch', 't_extend_request', 't_extend_approve', 't_extend_reject', 't_hang', 't_unhang', 't_invalid', 't_merge', 't_redo', 't_reopen')) AS rewrites,
        late_facts = '' OR rewrites OR match(payload, '"(limit_regime|source_due_at|parent_case_no|project_code|project_type|item_type|urgent)":')
            OR NOT passing AND (late_facts = 'steps' OR event_type NOT IN ('step_start', 'step_end')) AS counts
    FROM
    (
        SELECT w.*, f.event_type AS event_type, f.event_id AS event_id, f.occurred_at AS occurred_at, f.emitted_at AS emitted_at, f.received_at AS received_at,
            f.payload AS payload, f.defines AS defines,
            ifNull(min(if(w.own, f.received_at, NULL)) OVER subject > addDays(w.severe, 1), false) AS history,
            (f.received_at, f.`offset`) > min((f.received_at, f.`offset`)) OVER (PARTITION BY w.alert_id, f.number, f.event_id) AS revised,
            (f.received_at, f.`offset`) > min((f.received_at, f.`offset`)) OVER (PARTITION BY w.alert_id, f.number, f.event_type) AS again_of_kind,
            -- the late end was told before this one
            ifNull(min(if(w.own AND w.late_facts != '' AND f.occurred_at > w.severe AND f.event_type IN ('prereview_pass', 'prereview_reject', 'correction_notice', 'accept', 'not_accept', 'decide', 'finish',
                'deemed_consent', 'withdraw', 'terminate', 't_sign', 't_reply', 't_answer_direct', 't_close', 't_invalid', 't_merge'), f.received_at, NULL)) OVER subject < f.received_at, false) AS confirmed,
            groupUniqArrayArrayIf(f.defines, w.own AND f.received_at <= w.said) OVER subject AS defined
        FROM wanted AS w
        INNER JOIN told AS f ON f.kind = w.kind AND f.source = w.source AND f.number = w.number
        WINDOW subject AS (PARTITION BY w.alert_id)
    )
    WHERE received_at > subtractMinutes(said, 1)
    UNION ALL
    SELECT w.alert_id, r.at, r.event_type, r.event_id, 0, false, false, true, true
    FROM wanted AS w
    INNER JOIN retold AS r ON r.kind = w.kind AND r.source = w.source AND r.number = w.number
    WHERE r.at > subtractMinutes(w.said, 1)
)
GROUP BY alert_id

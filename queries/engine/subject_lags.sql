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
--   * about a limit, what moves a clock once the late end was told and none in time before it: it confirmed the alert; and
--     an event of a kind that was told late, told again in time;
--   * what says what kind of subject it is (joint, a part, limits of its own, another item or kind of ticket) up to the
--     acceptance, unless it is the first application or acceptance;
--   * what makes a case a sub-case or none (named, accepted, ended, reopened): of the joint case;
--   * when nothing new is about the time before the due: what happens afterwards undoes nothing;
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
    alert_id, toInt64(maxIf(greatest(late, 0), counts)) AS lag_ms, toBool(max(rewrites) OR countIf(counts AND explains) = 0) AS rewritten,
    arraySlice(arrayDistinct(arrayMap(x -> x.3, arraySort(groupArrayIf((NOT rewrites, received_at, concat(event_type, ' ', event_id)), counts)))), 1, 5) AS facts
FROM
(
    SELECT
        alert_id, received_at, event_type, event_id,
        if(history, dateDiff('millisecond', said, received_at), dateDiff('millisecond', occurred_at, greatest(received_at, emitted_at))) AS late,
        -- what kind of subject it is, its beginning says: the first application and acceptance, receipt and dispatch
        (kind = 'ticket' OR ifNull(occurred_at <= accepted_at, true)) AND NOT (event_type IN ('apply', 'accept', 't_receive', 't_dispatch') AND NOT again_of_kind)
            AND (match(payload, '"(limit_regime|project_type|parent_case_no)":') OR NOT hasAll(defined, defines)) AS makes,
        late_facts = '' OR match(payload, '"(limit_regime|source_due_at|parent_case_no|project_code|project_type|item_type|urgent)":')
            OR NOT passing AND (late_facts = 'steps' OR event_type NOT IN ('step_start', 'step_end')) AS moves,
        multiIf(
            event_type IN ('void', 'amend', 't_void', 't_amend') OR revised, received_at >= severe,
            match(payload, '"(is_test|secret)":true') OR own AND makes, true,
            confirmed, moves,
            NOT own, event_type = 'accept' OR match(payload, '"parent_case_no":') OR event_type IN ('not_accept', 'withdraw', 'terminate', 'reopen') AND occurred_at > severe,
            history AND NOT passing AND NOT result AND event_type NOT IN ('apply', 'accept', 'prereview_pass', 'prereview_reject', 'correction_notice', 'correction_submit', 'deliver',
                'step_start', 'step_end', 'fee_paid', 't_receive', 't_dispatch', 't_sign', 't_process', 't_escalate')) AS rewrites,
        moves OR rewrites AS counts,
        -- what was asked for before the due and granted after it counts (docs/supervision.md, tickets)
        NOT passing AND occurred_at <= severe OR event_type IN ('t_extend_approve', 't_redispatch') AS explains
    FROM
    (
        SELECT *, ifNull(ends_late < received_at AND ifNull(ends_in_time > ends_late, true), false) AND (late_facts != '' OR NOT own)
            OR occurred_at <= severe AND NOT passing AND event_type != 't_process' AND ifNull(kind_late < received_at, false) AS confirmed
        FROM
        (
            SELECT w.*, f.event_type AS event_type, f.event_id AS event_id, f.occurred_at AS occurred_at, f.emitted_at AS emitted_at, f.received_at AS received_at,
                f.payload AS payload, f.defines AS defines,
                ifNull(min(if(w.own, f.received_at, NULL)) OVER subject > addDays(w.severe, 1), false) AS history,
                (f.received_at, f.`offset`) > min((f.received_at, f.`offset`)) OVER (PARTITION BY w.alert_id, f.number, f.event_id) AS revised,
                (f.received_at, f.`offset`) > min((f.received_at, f.`offset`)) OVER (PARTITION BY w.alert_id, f.number, f.event_type) AS again_of_kind,
                f.event_type IN ('material', 'visit', 'activity', 't_note', 't_publish', 't_urge', 't_supervise', 't_visit') AS passing,
                f.event_type IN ('decide', 'finish', 'deemed_consent', 't_reply', 't_answer_direct', 't_close') AS result,
                result OR f.event_type IN ('prereview_pass', 'prereview_reject', 'correction_notice', 'accept', 'not_accept', 'withdraw', 'terminate',
                    'deliver', 'transfer', 'step_end', 'suspend_end', 't_return', 't_sign', 't_invalid', 't_merge') AS ends,
                -- when the first late end was told, the first result in time that was not known at the due, and the first late event of the kind
                min(if(ends AND f.occurred_at > w.severe, f.received_at, NULL)) OVER numbered AS ends_late,
                min(if(result AND f.occurred_at <= w.severe AND f.received_at > w.severe, f.received_at, NULL)) OVER numbered AS ends_in_time,
                min(if(f.occurred_at >= w.severe, f.received_at, NULL)) OVER (PARTITION BY w.alert_id, f.number, if(result, 'result', f.event_type)) AS kind_late,
                min(if(w.own AND f.event_type = 'accept', f.occurred_at, NULL)) OVER subject AS accepted_at,
                groupUniqArrayArrayIf(f.defines, w.own AND f.received_at <= w.said) OVER subject AS defined,
                -- an engine that is behind announces what a fact that lies there takes back
                if(countIf(f.received_at > subtractMinutes(w.said, 1)) OVER subject > 0 OR history, subtractMinutes(w.said, 1), w.severe) AS since
            FROM wanted AS w
            INNER JOIN told AS f ON f.kind = w.kind AND f.source = w.source AND f.number = w.number
            WINDOW subject AS (PARTITION BY w.alert_id), numbered AS (PARTITION BY w.alert_id, f.number)
        )
    )
    WHERE received_at > since
    UNION ALL
    SELECT w.alert_id, r.at, r.event_type, r.event_id, 0, false, true, true, true, true
    FROM wanted AS w
    INNER JOIN retold AS r ON r.kind = w.kind AND r.source = w.source AND r.number = w.number
    WHERE r.at > subtractMinutes(w.said, 1)
)
GROUP BY alert_id

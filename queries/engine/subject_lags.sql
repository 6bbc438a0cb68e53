-- purpose: Ask how late the facts came that arrived after alerts were said, and whether any of them rewrites what was told before.
-- grain: one row per alert
-- include: retold_cases, retold_tickets
-- param: alerts Array(String) = alerts that may have to be taken back
-- param: kinds Array(String) = case or ticket, what each is about
-- param: sources Array(String) = source system of each
-- param: numbers Array(String) = number of each
-- param: said Array(DateTime64(3,'UTC')) = when each was announced
-- param: severe Array(DateTime64(3,'UTC')) = from when its severity holds, which is when what was due was over
-- param: history Array(UInt64) = 1: it was announced more than a day after its instant, as history
-- param: late_facts Array(String) = clocks: only facts that move a clock say something; steps: and those of steps; empty: all do
-- column: alert_id String = the alert
-- column: lag_ms Int64 = the latest of its new facts: from its legal moment to its sending or arrival, whichever is later; of history from its announcement to the arrival; 0 without new facts
-- column: rewritten Bool = a fact that was told before was corrected, revised or told anew after the due
-- column: facts Array(String) = type and event_id of up to five of them, those that rewrite first
-- source: domain guide 2.6: ingest − event, back-dating; docs/supervision.md section 1
-- New is what arrived after the announcement, or within the minute before it, which
-- may not have been folded by then. A void or an amend is as late as it was
-- made after its target, or as it came after it was made, whichever is more. It rewrites
-- when it was made after the due, or says it was made before what it corrects; a
-- revision when it arrived after the due or says that it was sent before what it replaces; an event that is told
-- anew at a better time, or that says test or secret, always does. Facts of sub-cases are those of their joint case as
-- well; what makes a case a sub-case (it is named, and accepted) rewrites what was told of the joint case, and a
-- fact in passing that says what kind of case it is (joint, with limits of its own) what was told of that. What is
-- loaded as history is said long after its instant, and the rest of the history follows: there the lateness of each
-- fact says nothing. A correction rewrites there too, whenever it says that it was made: that is its sender's word.
WITH
asked AS
(
    SELECT a.1 AS alert_id, a.2 AS kind, a.3 AS source, a.4 AS number, a.5 AS said, a.6 AS severe, a.7 AS history, a.8 AS late_facts
    FROM (SELECT arrayJoin(arrayZip({alerts:Array(String)}, {kinds:Array(String)}, {sources:Array(String)}, {numbers:Array(String)}, {said:Array(DateTime64(3,'UTC'))},
        {severe:Array(DateTime64(3,'UTC'))}, {history:Array(UInt64)}, {late_facts:Array(String)})) AS a)
),
wanted AS
(
    SELECT *, true AS own FROM asked
    UNION ALL
    SELECT a.alert_id, 'case', a.source, l.case_no, a.said, a.severe, a.history, a.late_facts, false
    FROM asked AS a
    INNER JOIN (SELECT DISTINCT toString(source_sys) AS source, parent_case_no, case_no FROM case_links WHERE (source_sys, parent_case_no) IN (SELECT source, number FROM asked WHERE kind = 'case')) AS l
        ON l.source = a.source AND l.parent_case_no = a.number
    WHERE a.kind = 'case'
),
arrivals AS
(
    SELECT 'case' AS kind, toString(source_sys) AS source, case_no AS number, toString(type) AS event_type, event AS event_id, received_at,
        dateDiff('millisecond', at, greatest(received_at, ifNull(pushed_at, received_at))) AS lag,
        multiIf(match(body, '"(is_test|secret)":true'), 'flagged', first_at < received_at, 'revised', '') AS way, pushed_at AS made_at, ifNull(pushed_at < first_at, false) AS backwards,
        match(body, '"(limit_regime|source_due_at|parent_case_no|project_code|project_type|item_type)":') AS governs, type = 'accept' OR match(body, '"parent_case_no":') AS joins,
        type NOT IN ('apply', 'accept') AND match(body, '"(limit_regime|project_type)":') AS makes
    FROM cases FINAL
    ARRAY JOIN f_type AS type, f_payload AS body, f_event_id AS event, f_at AS at, f_pushed_at AS pushed_at, f_received_at AS received_at, f_first_received_at AS first_at
    PREWHERE (source_sys, case_no) IN (SELECT source, number FROM wanted WHERE kind = 'case')
    UNION ALL
    SELECT 'ticket', toString(source_sys), ticket_no, toString(type), event, received_at,
        dateDiff('millisecond', at, greatest(received_at, ifNull(pushed_at, received_at))),
        multiIf(match(body, '"(is_test|secret)":true'), 'flagged', first_at < received_at, 'revised', ''), pushed_at, ifNull(pushed_at < first_at, false),
        match(body, '"(limit_regime|source_due_at|urgent)":'), false, match(body, '"limit_regime":') AND type NOT IN ('t_receive', 't_dispatch')
    FROM tickets FINAL
    ARRAY JOIN f_type AS type, f_payload AS body, f_event_id AS event, f_at AS at, f_pushed_at AS pushed_at, f_received_at AS received_at, f_first_received_at AS first_at
    PREWHERE (source_sys, ticket_no) IN (SELECT source, number FROM wanted WHERE kind = 'ticket')
    UNION ALL
    SELECT 'case', toString(m.source_sys), m.case_no, toString(t.event_type), m.event_id, m.received_at,
        greatest(dateDiff('millisecond', m.occurred_at, greatest(m.received_at, m.emitted_at)), dateDiff('millisecond', t.occurred_at, m.occurred_at)),
        'corrected', toNullable(m.occurred_at), m.occurred_at < t.occurred_at, true, false, false
    FROM (SELECT * FROM case_events FINAL WHERE event_type IN ('void', 'amend') AND (source_sys, case_no) IN (SELECT source, number FROM wanted WHERE kind = 'case')) AS m
    INNER JOIN (SELECT * FROM case_events FINAL WHERE (source_sys, case_no) IN (SELECT source, number FROM wanted WHERE kind = 'case')) AS t
        ON t.source_sys = m.source_sys AND t.case_no = m.case_no AND t.event_id = JSONExtractString(m.payload, 'target_event_id')
    UNION ALL
    SELECT 'ticket', toString(m.source_sys), m.ticket_no, toString(t.event_type), m.event_id, m.received_at,
        greatest(dateDiff('millisecond', m.occurred_at, greatest(m.received_at, m.emitted_at)), dateDiff('millisecond', t.occurred_at, m.occurred_at)),
        'corrected', toNullable(m.occurred_at), m.occurred_at < t.occurred_at, true, false, false
    FROM (SELECT * FROM ticket_events FINAL WHERE event_type IN ('t_void', 't_amend') AND (source_sys, ticket_no) IN (SELECT source, number FROM wanted WHERE kind = 'ticket')) AS m
    INNER JOIN (SELECT * FROM ticket_events FINAL WHERE (source_sys, ticket_no) IN (SELECT source, number FROM wanted WHERE kind = 'ticket')) AS t
        ON t.source_sys = m.source_sys AND t.ticket_no = m.ticket_no AND t.event_id = JSONExtractString(m.payload, 'target_event_id')
    UNION ALL
    SELECT 'case', toString(source_sys), case_no, event_type, event_id, at, 0, 'retold', toNullable(made_at), false, true, false, false
    FROM (WITH retold_of AS (SELECT source AS source_sys, number AS case_no FROM wanted WHERE kind = 'case') SELECT * FROM ({{retold_cases}}))
    UNION ALL
    SELECT 'ticket', toString(source_sys), ticket_no, event_type, event_id, at, 0, 'retold', toNullable(made_at), false, true, false, false
    FROM (WITH retold_of AS (SELECT source AS source_sys, number AS ticket_no FROM wanted WHERE kind = 'ticket') SELECT * FROM ({{retold_tickets}}))
)
SELECT
    alert_id, toInt64(max(greatest(late, 0))) AS lag_ms, toBool(max(rewrites)) AS rewritten,
    arraySlice(arrayDistinct(arrayMap(x -> x.3, arraySort(groupArray((NOT rewrites, received_at, concat(event_type, ' ', event_id)))))), 1, 5) AS facts
FROM
(
    SELECT
        w.alert_id AS alert_id, f.received_at AS received_at, f.event_type AS event_type, f.event_id AS event_id,
        if(history = 1, dateDiff('millisecond', said, f.received_at), f.lag) AS late,
        multiIf(f.joins AND NOT w.own OR f.makes, true, f.way = '', false, history = 1 OR f.way IN ('retold', 'flagged'), true,
            f.backwards OR ifNull(if(f.way = 'revised', f.received_at, f.made_at) >= severe, true)) AS rewrites
    FROM wanted AS w
    INNER JOIN arrivals AS f ON f.kind = w.kind AND f.source = w.source AND f.number = w.number
    WHERE f.received_at > subtractMinutes(w.said, 1)
        AND (w.late_facts = '' OR f.way != '' OR f.governs OR f.event_type NOT IN ('material', 'visit', 'activity', 't_note', 't_publish', 't_urge', 't_supervise', 't_visit')
            AND (w.late_facts = 'steps' OR f.event_type NOT IN ('step_start', 'step_end')))
)
GROUP BY alert_id

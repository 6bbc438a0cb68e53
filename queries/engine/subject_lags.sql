-- purpose: Ask how late the facts came that arrived after alerts were said.
-- grain: one row per alert
-- param: alerts Array(String) = alerts that may have to be taken back
-- param: kinds Array(String) = case or ticket, what each is about
-- param: sources Array(String) = source system of each
-- param: numbers Array(String) = number of each
-- param: said Array(DateTime64(3,'UTC')) = when each was announced
-- param: history Array(UInt64) = 1: it was announced more than a day after its instant, as history
-- column: alert_id String = the alert
-- column: lag_ms Int64 = the latest of its new facts: from its legal moment to its sending or arrival, whichever is later; of history from its announcement to the arrival; 0 without new facts
-- source: domain guide 2.6: ingest − event; docs/supervision.md section 2
-- New is what arrived after the announcement, or within the minute before it, which
-- may not have been folded by then. A void or an amend is as late as it was
-- made after its target, or as it came after it was made, whichever is more. Facts of
-- sub-cases are those of their joint case as well. What is loaded as history is said
-- long after its instant, and the rest of the history follows: there the lateness of
-- each fact says nothing.
WITH
asked AS
(
    SELECT a.1 AS alert_id, a.2 AS kind, a.3 AS source, a.4 AS number, a.5 AS said, a.6 AS history
    FROM (SELECT arrayJoin(arrayZip({alerts:Array(String)}, {kinds:Array(String)}, {sources:Array(String)}, {numbers:Array(String)}, {said:Array(DateTime64(3,'UTC'))}, {history:Array(UInt64)})) AS a)
),
wanted AS
(
    SELECT * FROM asked
    UNION ALL
    SELECT a.alert_id, 'case', a.source, l.case_no, a.said, a.history
    FROM asked AS a
    INNER JOIN (SELECT DISTINCT toString(source_sys) AS source, parent_case_no, case_no FROM case_links WHERE (source_sys, parent_case_no) IN (SELECT source, number FROM asked WHERE kind = 'case')) AS l
        ON l.source = a.source AND l.parent_case_no = a.number
    WHERE a.kind = 'case'
),
arrivals AS
(
    SELECT 'case' AS kind, toString(source_sys) AS source, case_no AS number, received_at, dateDiff('millisecond', at, greatest(received_at, ifNull(pushed_at, received_at))) AS lag
    FROM cases FINAL
    ARRAY JOIN f_at AS at, f_pushed_at AS pushed_at, f_received_at AS received_at
    PREWHERE (source_sys, case_no) IN (SELECT source, number FROM wanted WHERE kind = 'case')
    UNION ALL
    SELECT 'ticket', toString(source_sys), ticket_no, received_at, dateDiff('millisecond', at, greatest(received_at, ifNull(pushed_at, received_at)))
    FROM tickets FINAL
    ARRAY JOIN f_at AS at, f_pushed_at AS pushed_at, f_received_at AS received_at
    PREWHERE (source_sys, ticket_no) IN (SELECT source, number FROM wanted WHERE kind = 'ticket')
    UNION ALL
    SELECT 'case', toString(m.source_sys), m.case_no, m.received_at,
        greatest(dateDiff('millisecond', m.occurred_at, greatest(m.received_at, m.emitted_at)), dateDiff('millisecond', t.occurred_at, m.occurred_at))
    FROM (SELECT * FROM case_events FINAL WHERE event_type IN ('void', 'amend') AND (source_sys, case_no) IN (SELECT source, number FROM wanted WHERE kind = 'case')) AS m
    INNER JOIN (SELECT * FROM case_events FINAL WHERE (source_sys, case_no) IN (SELECT source, number FROM wanted WHERE kind = 'case')) AS t
        ON t.source_sys = m.source_sys AND t.case_no = m.case_no AND t.event_id = JSONExtractString(m.payload, 'target_event_id')
    UNION ALL
    SELECT 'ticket', toString(m.source_sys), m.ticket_no, m.received_at,
        greatest(dateDiff('millisecond', m.occurred_at, greatest(m.received_at, m.emitted_at)), dateDiff('millisecond', t.occurred_at, m.occurred_at))
    FROM (SELECT * FROM ticket_events FINAL WHERE event_type IN ('t_void', 't_amend') AND (source_sys, ticket_no) IN (SELECT source, number FROM wanted WHERE kind = 'ticket')) AS m
    INNER JOIN (SELECT * FROM ticket_events FINAL WHERE (source_sys, ticket_no) IN (SELECT source, number FROM wanted WHERE kind = 'ticket')) AS t
        ON t.source_sys = m.source_sys AND t.ticket_no = m.ticket_no AND t.event_id = JSONExtractString(m.payload, 'target_event_id')
)
SELECT alert_id, toInt64(max(greatest(if(history = 1, dateDiff('millisecond', said, received_at), lag), 0))) AS lag_ms
FROM wanted AS w
INNER JOIN arrivals AS f ON f.kind = w.kind AND f.source = w.source AND f.number = w.number
WHERE f.received_at > subtractMinutes(w.said, 1)
GROUP BY alert_id

-- purpose: Ask how late the newest fact of subjects was pushed.
-- grain: one row per subject
-- param: kinds Array(String) = case or ticket
-- param: sources Array(String) = source system of each
-- param: numbers Array(String) = number of each
-- column: subject_kind String = case or ticket
-- column: lag_ms Int64 = from the legal moment of the fact that arrived last to its sending; 0 when its source does not say
-- source: domain guide 2.6
-- A void or an amend is as late as what it corrects: counted from the legal moment
-- of its target to the moment when the correction was made or sent.
WITH asked AS
(
    SELECT a.1 AS kind, a.2 AS source, a.3 AS number
    FROM (SELECT arrayJoin(arrayZip({kinds:Array(String)}, {sources:Array(String)}, {numbers:Array(String)})) AS a)
)
SELECT subject_kind, source_sys, subject_no, argMax(lag, received_at) AS lag_ms
FROM
(
    SELECT 'case' AS subject_kind, toString(source_sys) AS source_sys, case_no AS subject_no, arrayMax(f_received_at) AS received_at, indexOf(f_received_at, received_at) AS i,
        toInt64(dateDiff('millisecond', f_at[i], ifNull(f_pushed_at[i], f_at[i]))) AS lag
    FROM cases FINAL
    PREWHERE (source_sys, case_no) IN (SELECT source, number FROM asked WHERE kind = 'case')
    WHERE notEmpty(f_at)
    UNION ALL
    SELECT 'ticket', toString(source_sys), ticket_no, arrayMax(f_received_at) AS received_at, indexOf(f_received_at, received_at) AS i,
        toInt64(dateDiff('millisecond', f_at[i], ifNull(f_pushed_at[i], f_at[i])))
    FROM tickets FINAL
    PREWHERE (source_sys, ticket_no) IN (SELECT source, number FROM asked WHERE kind = 'ticket')
    WHERE notEmpty(f_at)
    UNION ALL
    SELECT 'case', toString(m.source_sys), m.case_no, m.received_at, 0, toInt64(dateDiff('millisecond', t.occurred_at, greatest(m.occurred_at, m.emitted_at)))
    FROM (SELECT * FROM case_events FINAL WHERE event_type IN ('void', 'amend') AND (source_sys, case_no) IN (SELECT source, number FROM asked WHERE kind = 'case')) AS m
    INNER JOIN (SELECT * FROM case_events FINAL WHERE (source_sys, case_no) IN (SELECT source, number FROM asked WHERE kind = 'case')) AS t
        ON t.source_sys = m.source_sys AND t.case_no = m.case_no AND t.event_id = JSONExtractString(m.payload, 'target_event_id')
    UNION ALL
    SELECT 'ticket', toString(m.source_sys), m.ticket_no, m.received_at, 0, toInt64(dateDiff('millisecond', t.occurred_at, greatest(m.occurred_at, m.emitted_at)))
    FROM (SELECT * FROM ticket_events FINAL WHERE event_type IN ('void', 'amend') AND (source_sys, ticket_no) IN (SELECT source, number FROM asked WHERE kind = 'ticket')) AS m
    INNER JOIN (SELECT * FROM ticket_events FINAL WHERE (source_sys, ticket_no) IN (SELECT source, number FROM asked WHERE kind = 'ticket')) AS t
        ON t.source_sys = m.source_sys AND t.ticket_no = m.ticket_no AND t.event_id = JSONExtractString(m.payload, 'target_event_id')
)
GROUP BY subject_kind, source_sys, subject_no

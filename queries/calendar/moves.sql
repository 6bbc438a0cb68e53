-- purpose: List what a version of the calendar was last said to move, and how it stands now.
-- grain: one row per due or alert
-- param: version String = version of the calendar
-- param: max_rows UInt64 = most rows
-- column: what String = due, due_before (an earlier time's), appears, vanishes or severity
-- column: rule_or_clock String = rule of the alert; clock of the due
-- column: was String = due in Asia/Shanghai, or severity, before; empty = none
-- column: is String = the same after it
-- column: now String = the same as it stands now; empty = none
-- column: alert_id String = the alert that stands now; empty = none, or a due
-- source: domain guide 2.4 (calendars are versioned, open cases recomputed)
WITH told AS
(
    SELECT toString(what) AS what, toString(rule_or_clock) AS rule_or_clock, toString(subject_kind) AS subject_kind, toString(source_sys) AS source_sys,
        subject_no, clock_no, toString(org_code) AS org_code, was, is
    FROM calendar_moves FINAL
    WHERE version = {version:String} AND calendar_moves.what != 'asked' AND asked_at = (SELECT max(asked_at) FROM calendar_moves WHERE version = {version:String})
    ORDER BY what, rule_or_clock, source_sys, subject_no, clock_no
    LIMIT {max_rows:UInt64}
)
SELECT told.what AS what, told.rule_or_clock AS rule_or_clock, told.subject_kind AS subject_kind, told.source_sys AS source_sys, told.subject_no AS subject_no,
    told.clock_no AS clock_no, told.org_code AS org_code, told.was AS was, told.is AS is,
    if(startsWith(told.what, 'due'), d.due, a.severity) AS now, a.alert_id AS alert_id
FROM told
LEFT JOIN
(
    SELECT 'due' AS kind_of, 'case' AS subject_kind, toString(source_sys) AS source_sys, case_no AS subject_no, toString(k.1) AS clock, toString(k.2) AS clock_no,
        ifNull(toString(toTimeZone(k.3, 'Asia/Shanghai')), '') AS due
    FROM (SELECT source_sys, case_no, k_clock, k_no, k_due_at FROM cases_now WHERE case_no IN (SELECT subject_no FROM told WHERE what = 'due' AND subject_kind = 'case'))
    ARRAY JOIN arrayZip(k_clock, k_no, k_due_at) AS k
    UNION ALL
    SELECT 'due', 'ticket', toString(source_sys), ticket_no, toString(k.1), toString(k.2), ifNull(toString(toTimeZone(k.3, 'Asia/Shanghai')), '')
    FROM (SELECT source_sys, ticket_no, k_clock, k_no, k_due_at FROM tickets_now WHERE ticket_no IN (SELECT subject_no FROM told WHERE what = 'due' AND subject_kind = 'ticket'))
    ARRAY JOIN arrayZip(k_clock, k_no, k_due_at) AS k
) AS d ON d.kind_of = told.what AND d.subject_kind = told.subject_kind AND d.source_sys = told.source_sys AND d.subject_no = told.subject_no
    AND d.clock = told.rule_or_clock AND d.clock_no = told.clock_no
LEFT JOIN
(
    SELECT toString(rule_id) AS rule_id, toString(subject_kind) AS subject_kind, toString(source_sys) AS source_sys, subject_no, clock_no,
        argMax(alert_id, fold_version) AS alert_id, argMax(toString(severity), fold_version) AS severity
    FROM alerts FINAL
    WHERE state NOT IN ('cancelled', 'revoked') AND subject_no IN (SELECT subject_no FROM told WHERE NOT startsWith(what, 'due'))
    GROUP BY rule_id, subject_kind, source_sys, subject_no, clock_no
) AS a ON a.rule_id = told.rule_or_clock AND a.subject_kind = told.subject_kind AND a.source_sys = told.source_sys AND a.subject_no = told.subject_no AND a.clock_no = told.clock_no
ORDER BY what, rule_or_clock, source_sys, subject_no, clock_no

-- purpose: List what a change moves: dues of clocks, and alerts.
-- grain: one row per clock whose due moves, or alert that appears, vanishes or changes its severity
-- include: change_dues, change_alerts
-- param: max_rows UInt64 = most rows
-- column: what String = due, due_before (an earlier time's), appears, vanishes or severity
-- column: rule_or_clock String = rule of the alert; clock of the due
-- column: was String = due in Asia/Shanghai, or severity, before; empty = none
-- column: is String = the same after it
SELECT *
FROM
(
    SELECT what, clock AS rule_or_clock, subject_kind, toString(source_sys) AS source_sys, subject_no, toString(clock_no) AS clock_no, toString(org_code) AS org_code,
        ifNull(toString(toTimeZone(due_was, 'Asia/Shanghai')), '') AS was, ifNull(toString(toTimeZone(due_is, 'Asia/Shanghai')), '') AS is
    FROM ({{change_dues}})
    UNION ALL
    SELECT what, rule_id, subject_kind, toString(source_sys), subject_no, toString(clock_no), toString(org_code), severity_was, severity_is
    FROM ({{change_alerts}})
)
ORDER BY what, rule_or_clock, source_sys, subject_no, clock_no
LIMIT {max_rows:UInt64}

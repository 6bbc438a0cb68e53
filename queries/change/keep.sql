-- purpose: Keep in the other database what a version of the calendar moves, to be held against what comes of it.
-- grain: one row per due and alert that moves, and one for the asking
-- include: change_dues, change_alerts
-- param: main Identifier = the other database
-- param: version String = version of the calendar
-- param: asked_at DateTime64(3,'UTC') = when it is asked
-- source: domain guide 2.4 (calendars are versioned, open cases recomputed)
INSERT INTO {main:Identifier}.calendar_moves (version, asked_at, what, rule_or_clock, subject_kind, source_sys, subject_no, clock_no, org_code, was, is)
SELECT {version:String}, {asked_at:DateTime64(3,'UTC')}, *
FROM
(
    SELECT 'asked' AS what, '' AS rule_or_clock, '' AS subject_kind, '' AS source_sys, '' AS subject_no, '' AS clock_no, '' AS org_code, '' AS was, '' AS is
    UNION ALL
    SELECT what, clock, subject_kind, toString(source_sys), subject_no, toString(clock_no), toString(org_code),
        ifNull(toString(toTimeZone(due_was, 'Asia/Shanghai')), ''), ifNull(toString(toTimeZone(due_is, 'Asia/Shanghai')), '')
    FROM ({{change_dues}})
    UNION ALL
    SELECT what, rule_id, subject_kind, toString(source_sys), subject_no, toString(clock_no), toString(org_code), severity_was, severity_is
    FROM ({{change_alerts}})
)

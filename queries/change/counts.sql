-- purpose: Count what a change moves, by rule or clock and by organisation.
-- grain: one row per kind of move, rule or clock, and organisation
-- include: change_dues, change_alerts
-- column: what String = due, due_before (an earlier time's), appears, vanishes or severity
-- column: rule_or_clock String = rule of the alert; clock of the due
-- column: org_code String = organisation that is concerned; empty = none
-- column: n UInt64 = how many clocks or alerts
-- column: later UInt64 = of dues: those that move to a later instant, or lose their due
-- column: severity_was String = of alerts: before, where all agree; else several
-- column: severity_is String = the same after it
SELECT *
FROM
(
    SELECT what, clock AS rule_or_clock, toString(org_code) AS org_code, count() AS n,
        countIf(isNull(due_is) OR due_is > due_was) AS later, '' AS severity_was, '' AS severity_is
    FROM ({{change_dues}})
    GROUP BY what, clock, org_code
    UNION ALL
    SELECT what, rule_id, toString(org_code), count(), 0, if(uniqExact(severity_was) = 1, any(severity_was), 'several'), if(uniqExact(severity_is) = 1, any(severity_is), 'several')
    FROM ({{change_alerts}})
    GROUP BY what, rule_id, org_code
)
ORDER BY what, rule_or_clock, org_code

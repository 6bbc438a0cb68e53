-- purpose: Count what a version of the calendar was last said to move, by rule or clock.
-- grain: one row per kind of move and rule or clock; none when it was never asked; one with what = asked when it was
-- param: version String = version of the calendar
-- column: what String = due, due_before (an earlier time's), appears, vanishes or severity; asked = it was asked
-- column: rule_or_clock String = rule of the alert; clock of the due; empty for the asking
-- column: asked_at DateTime64(3,'UTC') = when it was asked
-- column: n UInt64 = how many dues or alerts
-- column: later UInt64 = of dues: those that move to a later instant, or lose their due
-- column: orgs UInt64 = how many organisations they concern
-- source: domain guide 2.4 (calendars are versioned, open cases recomputed)
SELECT toString(what) AS what, toString(rule_or_clock) AS rule_or_clock, asked_at, count() AS n,
    countIf(startsWith(calendar_moves.what, 'due') AND (calendar_moves.is = '' OR calendar_moves.is > calendar_moves.was)) AS later, uniqExact(org_code) AS orgs
FROM calendar_moves FINAL
WHERE version = {version:String} AND asked_at = (SELECT max(asked_at) FROM calendar_moves WHERE version = {version:String})
GROUP BY what, rule_or_clock, asked_at
ORDER BY what, rule_or_clock

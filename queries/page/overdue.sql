-- purpose: The cases behind C05 that are longest past their promised due at the end of the period, worst first.
-- grain: one row per case
-- dims: case
-- include: rows_backlog
-- param: max_rows UInt32 = at most so many
-- column: overdue_hours Float64 = hours from the promised due to the end of the period
-- column: judged_at DateTime64(3,'UTC') = end of the period, or as_of when that is earlier
-- column: total UInt64 = all such cases: the value of C05
-- source: domain guide 5.1 C1, 5.4 C05
SELECT
    source_sys, case_no, region_code, org_code, task_code, state_then AS state, accepted_at, due_at AS promise_due,
    period_at AS judged_at,
    dateDiff('millisecond', due_at, period_at) / 3600000 AS overdue_hours,
    count() OVER () AS total
FROM ({{rows_backlog}})
ORDER BY due_at, source_sys, case_no
LIMIT {max_rows:UInt32}

-- purpose: Count what waits for one person, by task.
-- grain: one row per task
-- include: todo_rows
-- column: task String = kind.action that is waited for
-- column: waiting UInt64 = how many
-- column: overdue UInt64 = of those, past their limit
-- source: domain guide 8.1
SELECT task, count() AS waiting, countIf(overdue) AS overdue
FROM ({{todo_rows}})
GROUP BY task
ORDER BY task

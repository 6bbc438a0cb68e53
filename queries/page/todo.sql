-- purpose: List what waits for one person, over all kinds: what is overdue first, then by remaining time.
-- grain: one row per task on an alert or a work item
-- include: todo_rows
-- param: task String ? = only this task; empty = all
-- param: max_rows UInt32 = rows of one page
-- param: skip UInt64 ? = rows before the page
-- column: kind String = alert, order, rating, exposure or referral
-- column: task String = kind.action that is waited for
-- column: due_at Nullable(DateTime64(3,'UTC')) = until when; null = no limit
-- column: overdue Bool = past it
-- column: about_secret Bool = an alert about a secret subject
-- column: total UInt64 = rows that fit
-- source: domain guide 8.1
SELECT *, count() OVER () AS total
FROM ({{todo_rows}})
WHERE {task:String} = '' OR task = {task:String}
ORDER BY due_at ASC NULLS LAST, rank DESC, since, kind, id, task
LIMIT {max_rows:UInt32} OFFSET {skip:UInt64}

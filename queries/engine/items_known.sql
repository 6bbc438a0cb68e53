-- purpose: Tell since when the catalogue knows service items, to see whether a version that takes cards back is the first word about its item.
-- grain: one row per service item that is known
-- param: tasks Array(String) = task codes
-- column: task_code String = the service item
-- column: first_at DateTime64(3,'UTC') = when its first version arrived, from whichever source
-- column: last_at DateTime64(3,'UTC') = when the last one did
-- source: docs/supervision.md section 1; domain guide 1.2 (the version in force at acceptance governs)
SELECT task_code, min(received_at) AS first_at, max(received_at) AS last_at
FROM items
PREWHERE task_code IN {tasks:Array(String)}
GROUP BY task_code

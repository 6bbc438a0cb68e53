-- purpose: Name a set of service items, newest version of the catalogue.
-- grain: one row per item in the catalogue
-- param: codes Array(String) = task codes to name
-- column: task_code String = code
-- column: name String = name
-- source: domain guide 1.2
SELECT task_code, argMax(name, (valid_from, revision, precedence)) AS name
FROM items
WHERE has({codes:Array(String)}, task_code)
GROUP BY task_code
ORDER BY task_code

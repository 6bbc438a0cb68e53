-- purpose: Open cases by the probability that they miss their due, with the group that it was learned from.
-- grain: one row per case
-- include: risk_open
-- param: max_rows UInt32 = rows of one page
-- param: skip UInt64 ? = rows before the page
-- source: docs/early-warning.md
WITH 'case' AS asked_kind
SELECT *, count() OVER () AS total
FROM ({{risk_open}})
WHERE isNotNull(probability)
ORDER BY probability DESC, due_at, source_sys, subject_no
LIMIT {max_rows:UInt32} OFFSET {skip:UInt64}

-- purpose: Count the work items that are not over, by kind.
-- grain: one row per kind that has any
-- include: work_as_of
-- column: kind String = order, rating, exposure or referral
-- column: open UInt64 = not over
-- column: overdue UInt64 = of those, past the limit of their state
SELECT kind, countIf(NOT ended) AS open, countIf(overdue) AS overdue
FROM ({{work_as_of}})
GROUP BY kind
ORDER BY kind

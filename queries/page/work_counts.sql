-- purpose: Count the work items that are not over, by kind, and the appeals that wait for a decision.
-- grain: one row per kind that has any; appeal for the appeals
-- include: work_as_of, appeals_as_of
-- column: kind String = order, rating, exposure, referral or appeal
-- column: open UInt64 = not over
-- column: overdue UInt64 = of those, past the limit of their state
SELECT kind, countIf(NOT ended) AS open, countIf(overdue) AS overdue
FROM ({{work_as_of}})
GROUP BY kind
UNION ALL
SELECT 'appeal' AS kind, count() AS open, countIf(ifNull(decide_by < {as_of:DateTime64(3,'UTC')}, false)) AS overdue
FROM ({{appeals_as_of}})

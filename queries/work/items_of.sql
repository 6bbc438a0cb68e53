-- purpose: Read work items as they stand, for the actions of people on them.
-- grain: one row per work item
-- include: co_regions
-- param: ids Array(String) = ids
-- column: due_at Int64 = Unix milliseconds, as all that follow; 0 = none
WITH {{co_regions}}
SELECT kind, id, seq, state, level, origin, org_code, co_orgs, co_regions_of(CAST(co_orgs, 'Array(String)'), toString(region_code)) AS co_regions, region_code, subjects, alerts, round, extended, assignee, data,
    toUnixTimestamp64Milli(opened_at) AS opened_at, ifNull(toUnixTimestamp64Milli(due_at), 0) AS due_at,
    ifNull(toUnixTimestamp64Milli(final_due_at), 0) AS final_due_at, ifNull(toUnixTimestamp64Milli(stopped_at), 0) AS stopped_at,
    ifNull(toUnixTimestamp64Milli(closed_at), 0) AS closed_at, toUnixTimestamp64Milli(updated_at) AS updated_at
FROM work_items FINAL
WHERE id IN {ids:Array(String)}

-- purpose: Read work items as they stand, for the actions of people on them.
-- grain: one row per work item
-- include: co_regions
-- param: ids Array(String) = ids
-- column: kind String = kind of work item
-- column: id String = identity
-- column: seq UInt32 = last event of its history
-- column: state String = state
-- column: level String = level, as its kind has it; empty = none
-- column: origin String = rule or person
-- column: org_code String = organisation; empty = nobody in particular
-- column: co_orgs Array(String) = organisations that take part
-- column: co_regions Array(String) = divisions of those
-- column: region_code String = division; empty = none
-- column: subjects Array(String) = what it is about, as kind/source/number
-- column: alerts Array(String) = alerts it is about
-- column: round UInt16 = how often it was sent back
-- column: extended Bool = has been given more time
-- column: assignee String = user it is assigned to; empty = nobody
-- column: data String = further fields, JSON; empty = none
-- column: opened_at Int64 = Unix milliseconds
-- column: due_at Int64 = Unix milliseconds, as all that follow; 0 = none
-- column: final_due_at Int64 = Unix milliseconds; 0 = none
-- column: stopped_at Int64 = Unix milliseconds; 0 = it runs
-- column: closed_at Int64 = Unix milliseconds; 0 = open
-- column: updated_at Int64 = Unix milliseconds of the last event
WITH {{co_regions}}
SELECT kind, id, seq, state, level, origin, org_code, co_orgs, co_regions_of(CAST(co_orgs, 'Array(String)'), toString(region_code)) AS co_regions, region_code, subjects, alerts, round, extended, assignee, data,
    toUnixTimestamp64Milli(opened_at) AS opened_at, ifNull(toUnixTimestamp64Milli(due_at), 0) AS due_at,
    ifNull(toUnixTimestamp64Milli(final_due_at), 0) AS final_due_at, ifNull(toUnixTimestamp64Milli(stopped_at), 0) AS stopped_at,
    ifNull(toUnixTimestamp64Milli(closed_at), 0) AS closed_at, toUnixTimestamp64Milli(updated_at) AS updated_at
FROM work_items FINAL
WHERE id IN {ids:Array(String)}

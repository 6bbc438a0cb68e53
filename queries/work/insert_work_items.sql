-- purpose: Write work items as their events left them.
-- grain: one row per work item
-- param: rows String = JSON list of them
-- param: fold_version UInt64 = version of the round
INSERT INTO work_items (kind, id, fold_version, seq, state, level, origin, org_code, co_orgs, region_code, subjects, alerts, opened_at, due_at,
    final_due_at, stopped_at, closed_at, round, extended, assignee, data, updated_at)
SELECT i.kind, i.id, {fold_version:UInt64}, i.seq, i.state, i.level, i.origin, i.org_code, i.co_orgs, i.region_code, i.subjects, i.alerts,
    fromUnixTimestamp64Milli(i.opened_at, 'UTC'),
    if(i.due_at = 0, NULL, fromUnixTimestamp64Milli(i.due_at, 'UTC')), if(i.final_due_at = 0, NULL, fromUnixTimestamp64Milli(i.final_due_at, 'UTC')),
    if(i.stopped_at = 0, NULL, fromUnixTimestamp64Milli(i.stopped_at, 'UTC')), if(i.closed_at = 0, NULL, fromUnixTimestamp64Milli(i.closed_at, 'UTC')),
    i.round, i.extended, i.assignee, i.data, fromUnixTimestamp64Milli(i.updated_at, 'UTC')
FROM
(
    SELECT JSONExtract(arrayJoin(JSONExtractArrayRaw({rows:String})), 'Tuple(kind String, id String, seq UInt32, state String, level String, origin String, org_code String, co_orgs Array(String), region_code String, subjects Array(String), alerts Array(String), opened_at Int64, due_at Int64, final_due_at Int64, stopped_at Int64, closed_at Int64, round UInt16, extended Bool, assignee String, data String, updated_at Int64)') AS i
)

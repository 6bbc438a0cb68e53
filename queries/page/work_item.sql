-- purpose: One work item as of an instant.
-- grain: one row, none when it did not exist then
-- include: work_as_of
-- param: kind String = order, rating, exposure or referral
-- param: id String = identity
-- column: data String = JSON: texts of its actions
SELECT kind, id, seq, state, level, origin, org_code, co_orgs, co_regions, region_code, subjects, alerts, title, opened_at, last_at, latest,
    due_at, final_due_at, stopped_at, closed_at, round, extended, assignee, data, ended, overdue, late
FROM ({{work_as_of}})
WHERE kind = {kind:String} AND id = {id:String}

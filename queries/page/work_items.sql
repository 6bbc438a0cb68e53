-- purpose: List work items as of an instant: what is due first comes first, what is over by its end.
-- grain: one row per work item
-- include: work_as_of
-- param: kinds Array(String) = order, rating, exposure, referral
-- param: group String ? = open, ended or empty for all
-- param: state String ? = state; empty = all
-- param: level String ? = level of an order; empty = all
-- param: origin String ? = where it came from; empty = all
-- param: overdue Bool ? = only those past the limit of their state
-- param: search String ? = text that the title, the id or what it is about contains; empty = all
-- param: search_rules Array(String) ? = rules by whose names the pages call what the search means: titles that begin with one of them fit too
-- param: assignee String ? = user it is assigned to; empty = all
-- param: alert String ? = alert that stands behind it; empty = all
-- param: per_state UInt32 = at most so many of each state
-- param: max_rows UInt32 = rows of one page
-- param: skip UInt64 ? = rows before the page
-- column: due_at Nullable(DateTime64(3,'UTC')) = limit of the state it is in; null = none
-- column: final_due_at Nullable(DateTime64(3,'UTC')) = limit of the whole
-- column: overdue Bool = past the limit of its state
-- column: late Bool = answered after the limit of the whole, or not yet and past it
-- column: total UInt64 = items that fit the filter
-- column: in_state UInt64 = of those, in the same state
-- source: domain guide 4, 6.3, 7.3
SELECT kind, id, seq, state, level, origin, org_code, co_orgs, co_regions, region_code, subjects, alerts, title, opened_at, last_at, last_event,
    due_at, final_due_at, stopped_at, closed_at, round, extended, assignee, ended, overdue, late, JSONExtractUInt(data, 'level') AS stars,
    count() OVER () AS total, count() OVER (PARTITION BY state) AS in_state
FROM ({{work_as_of}})
WHERE kind IN {kinds:Array(String)}
    AND ({group:String} = '' OR ({group:String} = 'open' AND NOT ended) OR ({group:String} = 'ended' AND ended))
    AND ({state:String} = '' OR state = {state:String})
    AND ({level:String} = '' OR level = {level:String})
    AND ({origin:String} = '' OR origin = {origin:String})
    AND (NOT {overdue:Bool} OR overdue)
    AND ({search:String} = '' OR has({search_rules:Array(String)}, splitByChar(' ', title)[1])
        OR positionCaseInsensitiveUTF8(concat(title, ' ', own_title, ' ', id, ' ', arrayStringConcat(subjects, ' ')), {search:String}) > 0)
    AND ({assignee:String} = '' OR assignee = {assignee:String})
    AND ({alert:String} = '' OR has(alerts, {alert:String}))
ORDER BY if(ended, -toUnixTimestamp64Milli(last_at), toUnixTimestamp64Milli(due_at)) ASC NULLS LAST, opened_at, id
LIMIT {per_state:UInt32} BY kind, state
LIMIT {max_rows:UInt32} OFFSET {skip:UInt64}

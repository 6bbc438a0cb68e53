-- purpose: List hotline tickets with their state and timeliness as of an instant.
-- grain: one row per ticket
-- include: tickets_as_of, workdays
-- param: timeliness String ? = on_time, late, open, overdue, suspended, no_limit or excluded; empty = all
-- param: state String ? = state of domain guide 3; empty = all
-- param: kind String ? = type of ticket; empty = all
-- param: channel String ? = channel; empty = all
-- param: search String ? = text that the ticket number contains; empty = all
-- param: from DateTime64(3,'UTC') ? = received at or after; nothing = from the beginning
-- param: until DateTime64(3,'UTC') ? = received before; nothing = no end
-- param: sort String ? = received, due, stop, net_days, margin or number; empty = received
-- param: direction Int8 = 1 ascending, -1 descending
-- param: max_rows UInt32 = rows of one page
-- param: skip UInt64 ? = rows before the page
-- column: timeliness String = on_time, late, open, overdue, suspended, no_limit or excluded
-- column: margin_days Nullable(Int32) = working days from the stop, or while it is open from as_of, to the due; negative = late by so many, at least one (domain guide 2.4); null without a due, while suspended and when excluded
-- column: total UInt64 = tickets that fit the filter
-- source: domain guide 3, 5.1
WITH
{{workdays}}
SELECT
    source_sys, ticket_no, region_code, org_code, kind, channel, state, excluded,
    multiIf(
        excluded != '', 'excluded',
        isNotNull(stop_at) AND isNotNull(due_counted), if(assumeNotNull(stop_at) <= assumeNotNull(due_counted), 'on_time', 'late'),
        isNotNull(stop_at) OR state IN ('closed', 'invalid', 'merged'), 'no_limit',
        ifNull(due_counted < {as_of:DateTime64(3,'UTC')}, false), 'overdue',
        'open') AS timeliness,
    received_at AS ticket_received_at, dispatched_at, due_at, due_basis, stop_at, net_days,
    multiIf(
        isNotNull(c.margin_days), c.margin_days,
        timeliness = 'overdue', -greatest(toInt32(count_wd(local_day(assumeNotNull(due_at)), local_day({as_of:DateTime64(3,'UTC')}))), 1),
        timeliness = 'open' AND isNotNull(due_at), toInt32(count_wd(local_day({as_of:DateTime64(3,'UTC')}), local_day(assumeNotNull(due_at)))),
        NULL) AS margin_days,
    redos, urgent, source_due_at, source_on_time,
    count() OVER () AS total
FROM ({{tickets_as_of}}) AS c
WHERE ({state:String} = '' OR state = {state:String})
    AND ({kind:String} = '' OR kind = {kind:String})
    AND ({channel:String} = '' OR channel = {channel:String})
    AND ({search:String} = '' OR positionCaseInsensitiveUTF8(ticket_no, {search:String}) > 0)
    AND (toUnixTimestamp64Milli({from:DateTime64(3,'UTC')}) = 0 OR received_at >= {from:DateTime64(3,'UTC')})
    AND (toUnixTimestamp64Milli({until:DateTime64(3,'UTC')}) = 0 OR received_at < {until:DateTime64(3,'UTC')})
    AND ({timeliness:String} = '' OR timeliness = {timeliness:String})
    -- what a later fact calls secret is counted and not listed
    AND (source_sys, ticket_no) NOT IN (SELECT source_sys, ticket_no FROM tickets FINAL WHERE hidden AND (source_sys, ticket_no) IN (SELECT source_sys, ticket_no FROM tickets WHERE hidden))
ORDER BY
    multiIf(
        {sort:String} = 'due', toUnixTimestamp64Milli(due_at),
        {sort:String} = 'stop', toUnixTimestamp64Milli(stop_at),
        {sort:String} = 'net_days', toInt64(net_days),
        {sort:String} = 'margin', toInt64(margin_days),
        {sort:String} = 'number', 0,
        toUnixTimestamp64Milli(received_at)) * {direction:Int8} ASC NULLS LAST,
    source_sys, ticket_no
LIMIT {max_rows:UInt32} OFFSET {skip:UInt64}

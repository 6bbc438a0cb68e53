-- purpose: List cases with their state and timeliness as of an instant.
-- grain: one row per case
-- include: cases_as_of, workdays
-- param: timeliness String ? = on_time, late, open, overdue, suspended, no_limit or excluded; empty = all
-- param: state String ? = state of domain guide 1.3; empty = all
-- param: item String ? = task code; empty = all
-- param: channel String ? = channel of the application; empty = all
-- param: search String ? = text that the case number contains; empty = all
-- param: from DateTime64(3,'UTC') ? = applied at or after; nothing = from the beginning
-- param: until DateTime64(3,'UTC') ? = applied before; nothing = no end
-- param: sort String ? = applied, due, stop, net_days, margin or number; empty = applied
-- param: direction Int8 = 1 ascending, -1 descending
-- param: max_rows UInt32 = rows of one page
-- param: skip UInt64 ? = rows before the page
-- column: timeliness String = on_time, late, open, overdue, suspended, no_limit or excluded (promised due, domain guide 5.1)
-- column: margin_days Nullable(Int32) = working days from the stop, or while it is open from as_of, to the due; negative = late by so many, at least one (domain guide 2.4); null without a due, while suspended and when excluded
-- column: limit_unit String = unit of the promised limit (W, C, H or M); empty = none, or a due of its source
-- column: total UInt64 = cases that fit the filter
-- source: domain guide 2, 5.1
WITH
{{workdays}}
SELECT
    source_sys, case_no, region_code, org_code, task_code, channel, state, excluded,
    multiIf(
        excluded != '', 'excluded',
        isNotNull(stop_at) AND isNotNull(promise_due), if(assumeNotNull(stop_at) <= assumeNotNull(promise_due), 'on_time', 'late'),
        NOT is_open, 'no_limit',
        ifNull(promise_due < {as_of:DateTime64(3,'UTC')}, false), 'overdue', -- also when it was suspended after its due
        ifNull(pause_until >= {as_of:DateTime64(3,'UTC')}, false), 'suspended',
        isNull(promise_due) AND isNotNull(accepted_at), 'no_limit',
        'open') AS timeliness,
    applied_at, accepted_at, promise_due, promise_basis, provisional, stop_at, net_days,
    multiIf(
        isNotNull(c.margin_days), c.margin_days,
        timeliness = 'overdue', -greatest(toInt32(count_wd(local_day(assumeNotNull(promise_due)), local_day({as_of:DateTime64(3,'UTC')}))), 1),
        timeliness = 'open' AND isNotNull(promise_due), toInt32(count_wd(local_day({as_of:DateTime64(3,'UTC')}), local_day(assumeNotNull(promise_due)))),
        NULL) AS margin_days,
    limit_unit, source_due_at, source_on_time,
    count() OVER () AS total
FROM ({{cases_as_of}}) AS c
WHERE ({state:String} = '' OR state = {state:String})
    AND ({item:String} = '' OR task_code = {item:String})
    AND ({channel:String} = '' OR channel = {channel:String})
    AND ({search:String} = '' OR positionCaseInsensitiveUTF8(case_no, {search:String}) > 0)
    AND (toUnixTimestamp64Milli({from:DateTime64(3,'UTC')}) = 0 OR applied_at >= {from:DateTime64(3,'UTC')})
    AND (toUnixTimestamp64Milli({until:DateTime64(3,'UTC')}) = 0 OR applied_at < {until:DateTime64(3,'UTC')})
    AND ({timeliness:String} = '' OR timeliness = {timeliness:String})
    -- what a later fact calls secret is counted and not listed
    AND (source_sys, case_no) NOT IN (SELECT source_sys, case_no FROM cases FINAL WHERE hidden AND (source_sys, case_no) IN (SELECT source_sys, case_no FROM cases WHERE hidden))
ORDER BY
    multiIf(
        {sort:String} = 'due', toUnixTimestamp64Milli(promise_due),
        {sort:String} = 'stop', toUnixTimestamp64Milli(stop_at),
        {sort:String} = 'net_days', toInt64(net_days),
        {sort:String} = 'margin', toInt64(margin_days),
        {sort:String} = 'number', 0,
        toUnixTimestamp64Milli(applied_at)) * {direction:Int8} ASC NULLS LAST,
    source_sys, case_no
LIMIT {max_rows:UInt32} OFFSET {skip:UInt64}

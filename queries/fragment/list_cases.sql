-- Reader of figure_rows: the cases behind a figure.
-- param: role String ? = numerator, denominator, or rest (in the denominator only); empty = all
-- param: search String ? = text that the number contains; empty = all
-- param: sort String ? = decided (the deciding instant), due, stop, net_days or number; empty = decided
-- param: direction Int8 = 1 ascending, -1 descending
-- param: limit UInt64 = at most so many rows
-- param: offset UInt64 ? = rows to leave out before them
-- column: in_numerator Bool = counts in the numerator
-- column: in_denominator Bool = counts in the denominator
-- column: bucket_at DateTime64(3,'UTC') = the deciding instant, whose local date gives day and month (C9)
-- column: due_at Nullable(DateTime64(3,'UTC')) = due moment that decides; null = none
-- column: limit_unit String = unit of the promised limit (W, C, H or M); empty = none, or a due of its source
-- column: total UInt64 = subjects that fit, on all pages
SELECT
    source_sys, case_no, toBool(r.in_numerator) AS in_numerator, toBool(r.in_denominator) AS in_denominator, bucket_at, region_code, org_code, task_code, channel,
    state, excluded, applied_at, accepted_at, finished_at, due_at, stop_at, net_days, margin_days, limit_unit,
    count() OVER () AS total
FROM figure_rows AS r
WHERE ({role:String} = '' OR ({role:String} = 'numerator' AND in_numerator) OR ({role:String} = 'denominator' AND in_denominator)
    OR ({role:String} = 'rest' AND in_denominator AND NOT in_numerator))
    -- a search does not find what is secret, nor count it: it would be spelt out letter by letter
    AND ({search:String} = '' OR positionCaseInsensitiveUTF8(case_no, {search:String}) > 0
        AND (source_sys, case_no) NOT IN (SELECT source_sys, case_no FROM cases FINAL WHERE hidden AND (source_sys, case_no) IN (SELECT source_sys, case_no FROM cases WHERE hidden)))
ORDER BY
    multiIf(
        {sort:String} = 'due', toUnixTimestamp64Milli(due_at),
        {sort:String} = 'stop', toUnixTimestamp64Milli(stop_at),
        {sort:String} = 'net_days', toInt64(net_days),
        {sort:String} = 'number', 0,
        toUnixTimestamp64Milli(bucket_at)) * {direction:Int8} ASC NULLS LAST,
    source_sys, case_no
LIMIT {limit:UInt64} OFFSET {offset:UInt64}

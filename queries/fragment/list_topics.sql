-- Reader of figure_rows: the tickets behind the topics of a figure.
-- param: topic String ? = one topic; empty = all
-- param: search String ? = text that the number contains; empty = all
-- param: sort String ? = decided (the deciding instant), due, stop, net_days or number; empty = decided
-- param: direction Int8 = 1 ascending, -1 descending
-- param: limit UInt64 = at most so many rows
-- param: offset UInt64 ? = rows to leave out before them
-- column: bucket_at DateTime64(3,'UTC') = the deciding instant, whose local date gives day and month (C9)
-- column: due_at Nullable(DateTime64(3,'UTC')) = due moment that decides; null = none
-- column: total UInt64 = subjects that fit, on all pages
SELECT
    source_sys, ticket_no, topic, bucket_at, region_code, org_code, kind, channel,
    state, excluded, received_at, dispatched_at, due_at, stop_at, closed_at, net_days, margin_days,
    count() OVER () AS total
FROM figure_rows AS r
WHERE ({topic:String} = '' OR topic = {topic:String})
    -- a search does not find what is secret, nor count it: it would be spelt out letter by letter
    AND ({search:String} = '' OR positionCaseInsensitiveUTF8(ticket_no, {search:String}) > 0
        AND (source_sys, ticket_no) NOT IN (SELECT source_sys, ticket_no FROM tickets FINAL WHERE hidden AND (source_sys, ticket_no) IN (SELECT source_sys, ticket_no FROM tickets WHERE hidden)))
ORDER BY
    multiIf(
        {sort:String} = 'due', toUnixTimestamp64Milli(due_at),
        {sort:String} = 'stop', toUnixTimestamp64Milli(stop_at),
        {sort:String} = 'net_days', toInt64(net_days),
        {sort:String} = 'number', 0,
        toUnixTimestamp64Milli(bucket_at)) * {direction:Int8} ASC NULLS LAST,
    source_sys, ticket_no
LIMIT {limit:UInt64} OFFSET {offset:UInt64}

-- Reader of figure_rows: the measurements behind the classes of a figure.
-- param: class String ? = one class; empty = all
-- param: search String ? = text that the number must contain; empty = all
-- param: sort String ? = decided (the deciding instant) or number; empty = decided
-- param: direction Int8 = 1 ascending, -1 descending
-- param: limit UInt64 = at most so many rows
-- param: offset UInt64 ? = rows to leave out before them
-- column: bucket_at DateTime64(3,'UTC') = the deciding instant, whose local date gives day and month (C9)
-- column: total UInt64 = rows that fit, on all pages
SELECT source_sys, event_id, name, class, org_code, region_code, period_from, period_to, part,
    bucket_at,
    count() OVER () AS total
FROM figure_rows AS r
WHERE ({class:String} = '' OR class = {class:String})
    AND ({search:String} = '' OR positionCaseInsensitiveUTF8(event_id, {search:String}) > 0)
ORDER BY if({sort:String} = 'number', 0, toUnixTimestamp64Milli(bucket_at)) * {direction:Int8}, source_sys, event_id
LIMIT {limit:UInt64} OFFSET {offset:UInt64}

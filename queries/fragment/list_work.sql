-- Reader of figure_rows: the pieces of work behind a figure.
-- param: role String ? = numerator, denominator, or rest (in the denominator only); empty = all
-- param: search String ? = text that the number must contain; empty = all
-- param: sort String ? = decided (the deciding instant) or number; empty = decided
-- param: direction Int8 = 1 ascending, -1 descending
-- param: limit UInt64 = at most so many rows
-- param: offset UInt64 ? = rows to leave out before them
-- column: in_numerator Bool = counts in the numerator
-- column: in_denominator Bool = counts in the denominator
-- column: bucket_at DateTime64(3,'UTC') = the deciding instant, whose local date gives day and month (C9)
-- column: total UInt64 = rows that fit, on all pages
SELECT kind, id, org_code, region_code, level, origin, state, opened_at, due_at, done_at,
    toBool(r.in_numerator) AS in_numerator, toBool(r.in_denominator) AS in_denominator, bucket_at,
    count() OVER () AS total
FROM figure_rows AS r
WHERE ({role:String} = '' OR ({role:String} = 'numerator' AND in_numerator) OR ({role:String} = 'denominator' AND in_denominator)
    OR ({role:String} = 'rest' AND in_denominator AND NOT in_numerator))
    AND ({search:String} = '' OR positionCaseInsensitiveUTF8(id, {search:String}) > 0)
ORDER BY if({sort:String} = 'number', 0, toUnixTimestamp64Milli(bucket_at)) * {direction:Int8}, kind, id
LIMIT {limit:UInt64} OFFSET {offset:UInt64}

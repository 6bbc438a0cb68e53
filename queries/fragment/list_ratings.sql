-- Reader of figure_rows: the ratings behind a figure.
-- include: secret_subjects
-- param: role String ? = numerator, denominator, or rest (in the denominator only); empty = all
-- param: search String ? = text that the number contains; empty = all
-- param: sort String ? = decided (the deciding instant), due, stop, net_days or number; empty = decided
-- param: direction Int8 = 1 ascending, -1 descending
-- param: limit UInt64 = at most so many rows
-- param: offset UInt64 ? = rows to leave out before them
-- column: in_numerator Bool = counts in the numerator
-- column: rating_status String = valid, or excluded: listed and not counted
-- column: bucket_at DateTime64(3,'UTC') = when it was given (C9)
-- column: total UInt64 = subjects that fit, on all pages
SELECT
    source_sys, rating_id, subject_kind, subject_sys, subject_no, toBool(r.is_linked) AS is_linked, toBool(r.in_numerator) AS in_numerator, toBool(r.in_denominator) AS in_denominator, bucket_at,
    level, region_code, org_code, task_code, window_id, channel, status AS rating_status, excluded_by, nullIf(excluded_at, toDateTime64(0, 3, 'UTC')) AS excluded_at, excluded_why,
    count() OVER () AS total
FROM figure_rows AS r
WHERE ({role:String} = '' OR ({role:String} = 'numerator' AND in_numerator) OR ({role:String} = 'denominator' AND in_denominator)
    OR ({role:String} = 'rest' AND in_denominator AND NOT in_numerator))
    -- a search does not find what is secret, nor count it: it would be spelt out letter by letter
    AND ({search:String} = '' OR positionCaseInsensitiveUTF8(subject_no, {search:String}) > 0
        AND (toString(subject_kind), toString(subject_sys), subject_no) NOT IN ({{secret_subjects}}))
ORDER BY
    if({sort:String} = 'number', 0, toUnixTimestamp64Milli(bucket_at)) * {direction:Int8},
    source_sys, rating_id
LIMIT {limit:UInt64} OFFSET {offset:UInt64}

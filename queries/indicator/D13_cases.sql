-- purpose: The runs of steps behind D13.
-- grain: one row per run of a step, and one per case
-- param: step String ? = one step; empty = all
-- param: search String ? = text that the number contains; empty = all
-- param: sort String ? = decided (the deciding instant) or number; empty = decided
-- param: direction Int8 = 1 ascending, -1 descending
-- param: limit UInt64 = at most so many rows
-- param: offset UInt64 ? = rows to leave out before them
-- column: role String = run (ended; its days are in the numerator), queue (open), case (its days are in the denominator)
-- column: days Float64 = net days of the run or of the case; 0 for an open run
-- column: total UInt64 = rows that fit, on all pages
-- source: domain guide 5.5, D13
-- dims: case
-- include: rows_step_time
WITH figure_rows AS
(
{{rows_step_time}}
)
SELECT source_sys, case_no, step, role, days, bucket_at, region_code, org_code, task_code, channel, state, accepted_at, stop_at,
    count() OVER () AS total
FROM figure_rows AS r
WHERE ({step:String} = '' OR step = {step:String})
    AND ({search:String} = '' OR positionCaseInsensitiveUTF8(case_no, {search:String}) > 0)
ORDER BY if({sort:String} = 'number', 0, toUnixTimestamp64Milli(bucket_at)) * {direction:Int8}, source_sys, case_no, role, step
LIMIT {limit:UInt64} OFFSET {offset:UInt64}

-- purpose: The subjects behind a figure of the anti-gaming profile.
-- grain: one row per subject, or per rating
-- include: gaming_rows, region_filter
-- param: region String ? = division of the subject, with all below it; empty or 000000 = all
-- param: indicator String = retro_entry, off_system, terminate_due, suspension, ping_pong, default_rating, five_star_fast or rewrite
-- param: org String ? = organisation; empty = all
-- param: max_rows UInt32 = rows of one page
-- param: skip UInt64 ? = rows before the page
-- column: at DateTime64(3,'UTC') = the deciding fact
-- column: why String = what flagged it, several joined by a comma
-- column: total UInt64 = all of them
-- source: docs/early-warning.md
SELECT indicator, org_code, kind, source_sys, subject_no, at, why, region_code, task_code, count() OVER () AS total
FROM ({{gaming_rows}})
WHERE flagged AND indicator = {indicator:String} AND ({org:String} = '' OR org_code = {org:String}) AND {{region_filter}}
ORDER BY at DESC, source_sys, subject_no
LIMIT {max_rows:UInt32} OFFSET {skip:UInt64}

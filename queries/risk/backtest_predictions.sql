-- purpose: What early warning would have said after an instant, having learned what was known by then, and what came of it.
-- grain: one row per subject and landmark age
-- include: risk_predictions
-- param: max_rows UInt64 = at most so many rows
-- column: strength Float64 = prior strength of the prediction
-- column: landmark Float64 = age in hours since the start of the clock
-- column: left Float64 = working days (unit wd) or hours (unit h) to the due
-- column: used Float64 = share of the time used, in 0..1: the naive baseline
-- column: probability Nullable(Float64) = of missing the due, in 0..1; null = nothing was learned
-- column: ks Array(UInt64) = late learned subjects of the five groups, from fine to coarse
-- column: ns Array(UInt64) = all of them
-- column: cell UInt8 = 1 item, step and organisation; 2 item and step; 3 step and organisation; 4 step; 5 source
-- column: late Bool = missed the due that was in force in the end
-- source: docs/early-warning.md
SELECT
    strength, source_sys, subject_no, at, landmark, unit, left, item, step, org, used, probability, ks, ns, cell, due_at, final_due, stop_at, toBool(r.late) AS late
FROM ({{risk_predictions}}) AS r
WHERE is_test
ORDER BY strength, source_sys, subject_no, at
LIMIT {max_rows:UInt64}

-- Reader of figure_rows with a column outcome: how deadlines were kept.
-- column: numerator UInt64 = on time
-- column: denominator UInt64 = on time, late, or open past the due
-- column: value Nullable(Float64) = numerator / denominator; null when the denominator is 0
-- column: subjects UInt64 = all that exist as of as_of
-- column: on_time UInt64 = stopped by the due
-- column: late UInt64 = stopped after it
-- column: open_overdue UInt64 = running past it
-- column: open_in_time UInt64 = running, due not passed
-- column: paused UInt64 = within the approved days of a special procedure: neither on time nor overdue (C3)
-- column: stopped_no_due UInt64 = stopped, without any due
-- column: open_no_due UInt64 = running, without any due
-- column: excluded UInt64 = out of timeliness figures (C2)
SELECT {{dims}}
    countIf(outcome = 'on_time') AS numerator,
    countIf(outcome IN ('on_time', 'late', 'open_overdue')) AS denominator,
    if(denominator = 0, NULL, numerator / denominator) AS value,
    count() AS subjects,
    countIf(outcome = 'on_time') AS on_time,
    countIf(outcome = 'late') AS late,
    countIf(outcome = 'open_overdue') AS open_overdue,
    countIf(outcome = 'open_in_time') AS open_in_time,
    countIf(outcome = 'paused') AS paused,
    countIf(outcome = 'stopped_no_due') AS stopped_no_due,
    countIf(outcome = 'open_no_due') AS open_no_due,
    countIf(outcome = 'excluded') AS excluded
FROM figure_rows AS r
{{joins}}
WHERE {{only}}
{{group}}
{{order}}

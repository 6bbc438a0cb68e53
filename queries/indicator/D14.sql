-- purpose: Waiting between steps (环节等待): hours from the end of a step to the start of the next.
-- grain: one row per group
-- column: numerator Float64 = hours waited in all
-- column: denominator UInt64 = runs of steps that started in the period and followed an ended one
-- column: value Nullable(Float64) = mean hours; null without runs
-- column: p50_hours Nullable(Float64) = median, exact, linear interpolation between ranks (type 7)
-- column: p90_hours Nullable(Float64) = 90th percentile, exact, linear interpolation between ranks (type 7)
-- source: domain guide 5.5, D14
-- dims: step
-- include: rows_handoff
WITH figure_rows AS
(
{{rows_handoff}}
)
SELECT {{dims}}
    -- in whole milliseconds: the same rows in another order add up to the same
    sum(toInt64(round(hours * 3600000))) / 3600000 AS numerator,
    count() AS denominator,
    if(denominator = 0, NULL, numerator / denominator) AS value,
    if(denominator = 0, NULL, quantileExactInclusive(0.5)(hours)) AS p50_hours,
    if(denominator = 0, NULL, quantileExactInclusive(0.9)(hours)) AS p90_hours
FROM (SELECT *, assumeNotNull(wait_hours) AS hours FROM figure_rows) AS r
{{joins}}
WHERE {{only}}
{{group}}
{{order}}

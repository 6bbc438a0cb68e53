-- purpose: Where time is spent (瓶颈指数): each step's share of the net time of the cases that stopped.
-- grain: one row per group and step
-- column: step String = step code
-- column: numerator Float64 = net time in the step, in days of 24 hours on working days, pauses removed
-- column: denominator Float64 = net working days of all cases of the group that stopped in the period
-- column: value Nullable(Float64) = numerator / denominator; null when the denominator is 0; may exceed 1 when steps run side by side
-- column: runs UInt64 = ended runs of the step
-- column: p90_days Nullable(Float64) = 90th percentile of a run, exact, linear interpolation between ranks (type 7); null without runs
-- column: queue UInt64 = runs open at the end of the period in open cases
-- column: is_bottleneck Bool = the share is 40 % or more
-- source: domain guide 5.5, D13
-- dims: case
-- include: rows_step_time
WITH figure_rows AS
(
{{rows_step_time}}
)
SELECT
    *,
    if(denominator = 0, NULL, numerator / denominator) AS value,
    toBool(ifNull(value >= 0.4, false)) AS is_bottleneck
FROM
(
    SELECT {{dims}} step,
        -- in whole milliseconds: the same rows in another order add up to the same
        sumIf(toInt64(round(days * 86400000)), role = 'run') / 86400000 AS numerator,
        sum(sumIf(toInt64(round(days * 86400000)), role = 'case')) OVER (PARTITION BY {{keys}} 1) / 86400000 AS denominator,
        countIf(role = 'run') AS runs,
        if(runs = 0, NULL, quantileExactInclusiveIf(0.9)(days, role = 'run')) AS p90_days,
        countIf(role = 'queue') AS queue
    FROM figure_rows AS r
    {{joins}}
    WHERE {{only}}
    GROUP BY {{keys}} step
)
WHERE step != ''
ORDER BY {{keys}} value DESC, step

-- purpose: Faster than in the base period (较基期缩减).
-- grain: one row per group
-- column: numerator Float64 = sum of the base averages less the days taken (working days)
-- column: denominator Float64 = sum of the base averages (working days)
-- source: domain guide 5.5, D07
-- dims: case
-- evidence: list_cases
-- include: rows_net_days, sums
-- The base averages arrive as measurements, one of each item (payload.task_code).
WITH figure_rows AS
(
SELECT s.*, toFloat64(base_days) AS whole, whole - assumeNotNull(net_days) AS part
FROM ({{rows_net_days}}) AS s
INNER JOIN
(
    SELECT JSONExtractString(payload, 'task_code') AS base_item, argMax(`values`['days'], period_to) AS base_days
    FROM (SELECT * FROM measurements WHERE name = 'time_baseline' ORDER BY revision DESC, precedence DESC LIMIT 1 BY source_sys, event_id)
    WHERE mapContains(`values`, 'days')
    GROUP BY base_item
) AS b ON b.base_item = s.task_code
)
{{sums}}

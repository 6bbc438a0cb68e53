-- purpose: Directly-follows graph: which activity comes straight after which, how often and after how long.
-- grain: one row per pair of neighbouring activities
-- column: from String = activity before
-- column: to String = activity straight after it in the same case
-- column: count UInt64 = how often
-- column: mean_hours Float64 = mean of the time between
-- column: median_hours Float64 = exact median, linear interpolation between ranks (Hyndman-Fan type 7)
-- column: p90_hours Float64 = exact 90th percentile, linear interpolation between ranks (type 7)
-- column: total_hours Float64 = sum of the time between
-- source: domain guide 5.5, D13 and D14; pm4py discover_dfg and discover_performance_dfg
-- include: process_traces
SELECT
    pair.1 AS `from`,
    pair.2 AS `to`,
    count() AS count,
    avg(pair.3) / 3600000 AS mean_hours,
    quantileExactInclusive(0.5)(pair.3) / 3600000 AS median_hours,
    quantileExactInclusive(0.9)(pair.3) / 3600000 AS p90_hours,
    sum(pair.3) / 3600000 AS total_hours
FROM
(
    SELECT arrayJoin(arrayMap(
        (a, b, since, at) -> (a, b, toUnixTimestamp64Milli(at) - toUnixTimestamp64Milli(since)),
        arrayPopBack(labels), arrayPopFront(labels), arrayPopBack(instants), arrayPopFront(instants))) AS pair
    FROM ({{process_traces}})
)
GROUP BY `from`, `to`
ORDER BY count DESC, `from`, `to`

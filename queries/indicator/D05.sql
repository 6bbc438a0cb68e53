-- purpose: Handling time (办理时长) of stopped cases: net working days, pauses removed.
-- grain: one row per group
-- column: numerator Int64 = net working days of all of them
-- column: denominator UInt64 = cases stopped in the period
-- column: value Nullable(Float64) = mean net working days (avg_days); null without cases
-- column: p50_days Nullable(Float64) = median, exact, linear interpolation between ranks (Hyndman-Fan type 7)
-- column: p90_days Nullable(Float64) = 90th percentile, exact, linear interpolation between ranks (type 7)
-- column: p90_days_nearest Nullable(Int32) = 90th percentile, exact, nearest rank: the smallest value that 90 % do not exceed
-- column: gross_days Nullable(Float64) = mean days of 24 hours from acceptance to stop, nothing removed
-- source: domain guide 5.5, D05
-- dims: case
-- include: rows_net_days
WITH figure_rows AS
(
{{rows_net_days}}
)
SELECT {{dims}}
    sum(days) AS numerator,
    count() AS denominator,
    if(denominator = 0, NULL, numerator / denominator) AS value,
    if(denominator = 0, NULL, quantileExactInclusive(0.5)(days)) AS p50_days,
    if(denominator = 0, NULL, quantileExactInclusive(0.9)(days)) AS p90_days,
    if(denominator = 0, NULL, arraySort(groupArray(days))[intDiv(9 * denominator + 9, 10)]) AS p90_days_nearest,
    avg(dateDiff('millisecond', accepted_at, stop_at) / 86400000) AS gross_days
FROM (SELECT *, assumeNotNull(net_days) AS days FROM figure_rows) AS r
{{joins}}
WHERE {{only}}
{{group}}
{{order}}

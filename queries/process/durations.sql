-- purpose: How long cases take.
-- grain: one row per span, none for a span that no case has
-- column: span String = activities: first to last activity; apply_to_stop, accept_to_stop: of cases whose clocks stopped by as_of
-- column: cases UInt64 = cases with this span
-- column: mean_hours Float64 = mean
-- column: median_hours Float64 = exact median, linear interpolation between ranks (Hyndman-Fan type 7)
-- column: median_hours_nearest Float64 = exact median, nearest rank: the smallest value that half of the cases do not exceed
-- column: p90_hours Float64 = exact 90th percentile, linear interpolation between ranks (type 7)
-- column: p90_hours_nearest Float64 = exact 90th percentile, nearest rank
-- column: min_hours Float64 = shortest
-- column: max_hours Float64 = longest
-- column: total_hours Float64 = sum
-- source: domain guide 5.5, D05 (gross); pm4py get_all_case_durations; Hyndman and Fan 1996
-- include: process_traces, cases_as_of
SELECT
    span,
    count() AS cases,
    avg(ms) / 3600000 AS mean_hours,
    quantileExactInclusive(0.5)(ms) / 3600000 AS median_hours,
    arraySort(groupArray(ms))[intDiv(cases + 1, 2)] / 3600000 AS median_hours_nearest,
    quantileExactInclusive(0.9)(ms) / 3600000 AS p90_hours,
    arraySort(groupArray(ms))[intDiv(9 * cases + 9, 10)] / 3600000 AS p90_hours_nearest,
    min(ms) / 3600000 AS min_hours,
    max(ms) / 3600000 AS max_hours,
    sum(ms) / 3600000 AS total_hours
FROM
(
    SELECT 'activities' AS span, toUnixTimestamp64Milli(instants[-1]) - toUnixTimestamp64Milli(instants[1]) AS ms
    FROM ({{process_traces}})
    UNION ALL
    SELECT spans.1, toUnixTimestamp64Milli(assumeNotNull(stop_at)) - toUnixTimestamp64Milli(assumeNotNull(spans.2))
    FROM ({{cases_as_of}})
    ARRAY JOIN [('apply_to_stop', applied_at), ('accept_to_stop', accepted_at)] AS spans
    WHERE {kind:String} IN ('', 'case') AND isNotNull(stop_at) AND isNotNull(spans.2)
        AND applied_at >= {from:DateTime64(3,'UTC')} AND applied_at < {{instant_until}}
)
GROUP BY span
ORDER BY indexOf(['activities', 'apply_to_stop', 'accept_to_stop'], span)

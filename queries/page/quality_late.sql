-- purpose: How late each source sends its facts.
-- grain: one row per source system and kind of fact
-- column: facts UInt64 = facts stored
-- column: late UInt64 = facts that came more than 24 hours after they occurred
-- column: median_lag_hours Float64 = median of received minus occurred, hours
-- column: p90_lag_hours Float64 = 90th percentile of it
-- column: last_at DateTime64(3,'UTC') = latest occurrence
-- source: domain guide 2.6 "late push"
SELECT
    source_sys, kind, count() AS facts,
    countIf(lag_ms > 24 * 3600 * 1000) AS late,
    quantile(0.5)(lag_ms) / 3600000 AS median_lag_hours,
    quantile(0.9)(lag_ms) / 3600000 AS p90_lag_hours,
    max(occurred_at) AS last_at, max(received_at) AS last_received_at
FROM
(
    SELECT source_sys, 'case' AS kind, occurred_at, received_at, dateDiff('millisecond', occurred_at, received_at) AS lag_ms FROM case_events
    UNION ALL
    SELECT source_sys, 'ticket' AS kind, occurred_at, received_at, dateDiff('millisecond', occurred_at, received_at) AS lag_ms FROM ticket_events
)
GROUP BY source_sys, kind
ORDER BY source_sys, kind

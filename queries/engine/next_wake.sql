-- purpose: Tell when time alone can change an alert: a step is reached, or an outage comes to its end.
-- grain: one row
-- param: after DateTime64(3,'UTC') = alerts were scanned up to here
-- column: next Nullable(DateTime64(3,'UTC')) = the first such instant; null = none lies ahead
-- source: docs/supervision.md section 8
SELECT min(at) AS next
FROM
(
    SELECT minOrNull(wake_at) AS at FROM alert_timers WHERE wake_at > {after:DateTime64(3,'UTC')}
    UNION ALL
    SELECT minOrNull(assumeNotNull(final_due_at)) AS at FROM work_items FINAL
    WHERE kind = 'outage' AND final_due_at > {after:DateTime64(3,'UTC')}
)

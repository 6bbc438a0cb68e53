-- purpose: Whether anything happened to alerts: what an open wall asks every few seconds.
-- grain: one row
-- column: alerts UInt64 = events ever recorded
-- column: latest DateTime64(3,'UTC') = when the latest was recorded
SELECT count() AS alerts, max(recorded_at) AS latest FROM alert_events

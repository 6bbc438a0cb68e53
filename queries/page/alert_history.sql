-- purpose: The history of one alert up to an instant.
-- grain: one row per event
-- param: alert_id String = identity
-- param: as_of DateTime64(3,'UTC') = the instant asked for
-- column: seq UInt32 = order
-- column: event String = what happened
-- column: effective_at DateTime64(3,'UTC') = instant of the step, or when the person acted
-- column: recorded_at DateTime64(3,'UTC') = when it was recorded
SELECT seq, event, state, severity, effective_at, recorded_at, actor, role, reason, action_id, payload
FROM alert_events FINAL
WHERE alert_id = {alert_id:String} AND effective_at <= {as_of:DateTime64(3,'UTC')}
ORDER BY seq

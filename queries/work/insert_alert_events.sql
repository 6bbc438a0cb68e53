-- purpose: Append accepted actions to the histories of alerts.
-- grain: one row per event
-- param: rows String = JSON list of them
-- param: fold_version UInt64 = version of the round
-- param: recorded_at DateTime64(3,'UTC') = when the engine took them
INSERT INTO alert_events (alert_id, seq, fold_version, event, state, severity, effective_at, recorded_at, actor, role, org_code, reason, action_id, payload)
SELECT e.id, e.seq, {fold_version:UInt64}, e.event, e.state, e.severity, fromUnixTimestamp64Milli(e.at, 'UTC'), {recorded_at:DateTime64(3,'UTC')},
    e.actor, e.role, e.org_code, e.reason, e.action_id, e.payload
FROM
(
    SELECT JSONExtract(arrayJoin(JSONExtractArrayRaw({rows:String})), 'Tuple(id String, seq UInt32, event String, state String, severity String, at Int64, actor String, role String, org_code String, reason String, action_id String, payload String)') AS e
)

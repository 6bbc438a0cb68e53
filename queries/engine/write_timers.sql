-- purpose: Remember when to look again at the chains of a round.
-- grain: one row per step that lies in the future
-- param: fold_version UInt64 = version of the round
-- param: after DateTime64(3,'UTC') = steps up to here are announced with the round
INSERT INTO alert_timers (wake_at, alert_id, subject_kind, source_sys, subject_no, rule_id, rule_version, clock_no)
SELECT wake_at, alert_id, subject_kind, source_sys, subject_no, rule_id, rule_version, clock_no
FROM alert_chains
ARRAY JOIN step_at AS wake_at
WHERE fold_version = {fold_version:UInt64} AND wake_at > {after:DateTime64(3,'UTC')}

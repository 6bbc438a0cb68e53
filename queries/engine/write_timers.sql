-- purpose: Remember when to look again at the chains of a round.
-- grain: one row per step that is announced in the future
-- param: fold_version UInt64 = version of the round
-- param: after DateTime64(3,'UTC') = what is due up to here is announced with the round
-- param: held Array(String) = rules that announce a step some time after it was reached
-- param: hold_ms Array(Int64) = how long each of them waits, milliseconds
INSERT INTO alert_timers (wake_at, alert_id, subject_kind, source_sys, subject_no, rule_id, rule_version, clock_no)
SELECT wake_at, alert_id, subject_kind, source_sys, subject_no, rule_id, rule_version, clock_no
FROM
(
    SELECT addMilliseconds(reached_at, transform(toString(rule_id), {held:Array(String)}, {hold_ms:Array(Int64)}, toInt64(0))) AS wake_at,
        alert_id, subject_kind, source_sys, subject_no, rule_id, rule_version, clock_no
    FROM alert_chains
    ARRAY JOIN step_at AS reached_at
    WHERE fold_version = {fold_version:UInt64}
)
WHERE wake_at > {after:DateTime64(3,'UTC')}

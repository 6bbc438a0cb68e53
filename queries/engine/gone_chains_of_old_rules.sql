-- purpose: Note the chains of rules, or versions of rules, that are no longer in the catalogue.
-- grain: one row per chain that is gone
-- param: current Array(String) = id@version of the rules in force
-- param: fold_version UInt64 = version under which this is noted
-- param: at DateTime64(3,'UTC') = when
INSERT INTO alert_chains
(
    subject_kind, source_sys, subject_no, rule_id, rule_version, clock_no, fold_version, gone, alert_id, chain,
    org_code, region_code, task_code, window_id, staff_id, step_at, step_severity, due_at, evidence, evaluated_at
)
SELECT subject_kind, source_sys, subject_no, rule_id, rule_version, clock_no, {fold_version:UInt64}, true, alert_id, chain,
    org_code, region_code, task_code, window_id, staff_id, [], [], due_at, evidence, {at:DateTime64(3,'UTC')}
FROM alert_chains FINAL
WHERE NOT has({current:Array(String)}, concat(rule_id, '@', toString(rule_version))) AND NOT gone

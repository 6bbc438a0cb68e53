-- purpose: Note which chains a rule no longer sees after it was asked about every subject.
-- grain: one row per chain that is gone
-- param: rule_id String = the rule
-- param: fold_version UInt64 = version under which it was asked
-- param: at DateTime64(3,'UTC') = when
INSERT INTO alert_chains
(
    subject_kind, source_sys, subject_no, rule_id, rule_version, clock_no, fold_version, gone, alert_id, chain,
    org_code, region_code, task_code, window_id, staff_id, step_at, step_severity, due_at, evidence, evaluated_at
)
SELECT subject_kind, source_sys, subject_no, rule_id, rule_version, clock_no, {fold_version:UInt64}, true, alert_id, chain,
    org_code, region_code, task_code, window_id, staff_id, [], [], due_at, evidence, {at:DateTime64(3,'UTC')}
FROM alert_chains FINAL
WHERE rule_id = {rule_id:String} AND fold_version < {fold_version:UInt64} AND NOT gone

-- purpose: Note which chains a rule over periods no longer sees after it was asked again about all periods since an instant.
-- grain: one row per chain that is gone
-- param: rule_id String = the rule
-- param: rule_version UInt16 = its version
-- param: since DateTime64(3,'UTC') = beginning of the first period that was judged again
-- param: asked_since UInt64 = fold version of the first asking
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
WHERE rule_id = {rule_id:String} AND rule_version = {rule_version:UInt16} AND NOT gone AND fold_version < {asked_since:UInt64} AND step_at[1] > {since:DateTime64(3,'UTC')}

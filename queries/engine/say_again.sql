-- purpose: Say under another version what a rule over periods said since it was asked again, so that it is looked at as a whole.
-- grain: one row per chain that the rule said again, or of which a step may have been reached, or set free by an outage, meanwhile
-- param: rule_id String = the rule
-- param: rule_version UInt16 = its version
-- param: since DateTime64(3,'UTC') = beginning of the first day that was asked about again
-- param: asked_since UInt64 = fold version of the first asking
-- param: fold_version UInt64 = version under which it is said
INSERT INTO alert_chains
(
    subject_kind, source_sys, subject_no, rule_id, rule_version, clock_no, fold_version, gone, alert_id, chain,
    org_code, region_code, task_code, window_id, staff_id, step_at, step_severity, due_at, evidence, evaluated_at
)
SELECT subject_kind, source_sys, subject_no, rule_id, rule_version, clock_no, {fold_version:UInt64}, gone, alert_id, chain,
    org_code, region_code, task_code, window_id, staff_id, step_at, step_severity, due_at, evidence, evaluated_at
FROM alert_chains FINAL
WHERE rule_id = {rule_id:String} AND rule_version = {rule_version:UInt16} AND fold_version < {fold_version:UInt64}
    -- what was not looked at meanwhile was reached after that day, or held back by an outage: those last 31 days at most
    AND (fold_version >= {asked_since:UInt64} OR NOT gone AND arrayExists(t -> t >= subtractDays({since:DateTime64(3,'UTC')}, 31), step_at))

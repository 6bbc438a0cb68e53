-- purpose: Store what a rule says about the subjects it was asked about.
-- grain: one row per chain
-- param: rule_id String = the rule
-- param: rule_version UInt16 = its version
-- param: subject_kind String = kind of its subjects
-- param: chain String = what joins alerts of several rules
-- param: fold_version UInt64 = version of the round
-- param: at DateTime64(3,'UTC') = when it is evaluated
INSERT INTO alert_chains
(
    subject_kind, source_sys, subject_no, rule_id, rule_version, clock_no, fold_version, gone, alert_id, chain,
    org_code, region_code, task_code, window_id, staff_id, step_at, step_severity, due_at, evidence, evaluated_at
)
SELECT {subject_kind:String}, source_sys, subject_no, {rule_id:String}, {rule_version:UInt16}, clock_no, {fold_version:UInt64}, false,
    lower(hex(sipHash128({rule_id:String}, toString({rule_version:UInt16}), {subject_kind:String}, toString(source_sys), subject_no, clock_no))),
    {chain:String}, org_code, region_code, task_code, window_id, staff_id,
    arrayMap(s -> s.1, steps), arrayMap(s -> s.2, steps), due_at, evidence, {at:DateTime64(3,'UTC')}
FROM
(
{{rows}}
)
WHERE notEmpty(steps)

-- purpose: Note that no rule sees anything any more at subjects of which no fact is in force.
-- grain: one row per chain that is gone
-- param: kind String = case, ticket or rating
-- param: sources Array(String) = source system of each
-- param: subjects Array(String) = number of each
-- param: fold_version UInt64 = version of the round
-- param: at DateTime64(3,'UTC') = when it was found
INSERT INTO alert_chains
(
    subject_kind, source_sys, subject_no, rule_id, rule_version, clock_no, fold_version, gone, alert_id, chain,
    org_code, region_code, task_code, window_id, staff_id, step_at, step_severity, due_at, evidence, evaluated_at
)
SELECT subject_kind, source_sys, subject_no, rule_id, rule_version, clock_no, {fold_version:UInt64}, true, alert_id, chain,
    org_code, region_code, task_code, window_id, staff_id, [], [], due_at, evidence, {at:DateTime64(3,'UTC')}
FROM alert_chains FINAL
PREWHERE subject_kind = {kind:String} AND (source_sys, subject_no) IN
    (SELECT s, n FROM (SELECT {sources:Array(String)} AS ss, {subjects:Array(String)} AS ns) ARRAY JOIN ss AS s, ns AS n)
WHERE fold_version < {fold_version:UInt64} AND NOT gone

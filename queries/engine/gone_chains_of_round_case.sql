-- purpose: Note which chains the rules no longer see at the cases just folded.
-- grain: one row per chain that is gone
-- param: rules Array(String) = rules that were asked
-- param: fold_version UInt64 = version of the round
-- param: at DateTime64(3,'UTC') = when they were evaluated
INSERT INTO alert_chains
(
    subject_kind, source_sys, subject_no, rule_id, rule_version, clock_no, fold_version, gone, alert_id, chain,
    org_code, region_code, task_code, window_id, staff_id, step_at, step_severity, due_at, evidence, evaluated_at
)
WITH parents AS
(
    SELECT source_sys, parent_case_no FROM case_links WHERE (source_sys, case_no) IN (SELECT source_sys, case_no FROM cases WHERE fold_version = {fold_version:UInt64})
    UNION ALL
    SELECT source_sys, case_no FROM cases WHERE fold_version = {fold_version:UInt64}
)
SELECT subject_kind, source_sys, subject_no, rule_id, rule_version, clock_no, {fold_version:UInt64}, true, alert_id, chain,
    org_code, region_code, task_code, window_id, staff_id, [], [], due_at, evidence, {at:DateTime64(3,'UTC')}
FROM alert_chains FINAL
PREWHERE subject_kind = 'case' AND
    (
        (source_sys, subject_no) IN (SELECT source_sys, case_no FROM cases WHERE fold_version = {fold_version:UInt64})
        -- rules about joint cases answer for the parents and sub-cases of what was folded, too
        OR (rule_id IN ('R-JNT-01', 'R-JNT-02', 'R-JNT-03') AND (source_sys, subject_no) IN
            (
                SELECT source_sys, parent_case_no FROM parents
                UNION ALL
                SELECT source_sys, case_no FROM case_links WHERE (source_sys, parent_case_no) IN (SELECT source_sys, parent_case_no FROM parents)
            ))
        -- and what was said of a case before its first sub-case came may be said of it no more
        OR (rule_id IN ('R-DDL-01', 'R-DDL-02', 'R-DDL-03', 'R-DDL-04', 'R-DDL-05', 'R-DDL-13') AND (source_sys, subject_no) IN (SELECT source_sys, parent_case_no FROM parents))
    )
WHERE fold_version < {fold_version:UInt64} AND NOT gone AND has({rules:Array(String)}, rule_id)

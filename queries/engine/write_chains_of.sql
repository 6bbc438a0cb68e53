-- purpose: Store what rules say about the subjects they were asked about.
-- grain: one row per chain
-- Settings: merged into one another, the expressions of the day arithmetic become so large that planning takes many times
-- as long as the work; and what is compiled for one statement is seldom used again.
INSERT INTO alert_chains
(
    subject_kind, source_sys, subject_no, rule_id, rule_version, clock_no, fold_version, gone, alert_id, chain,
    org_code, region_code, task_code, window_id, staff_id, step_at, step_severity, due_at, evidence, evaluated_at
)
SETTINGS query_plan_merge_expressions = 0, compile_expressions = 0
{{rows}}

-- purpose: Read what a message says about alerts, as they stand.
-- grain: one row per alert
-- param: ids Array(String) = alert ids
-- column: due_at Nullable(DateTime64(3,'UTC')) = deadline that it is about
SELECT alert_id, rule_id, subject_kind, subject_no, org_code, state, severity, active, severity_at, due_at, feedback_due
FROM alerts FINAL
WHERE alert_id IN {ids:Array(String)}
ORDER BY alert_id

-- purpose: Read what a message says about alerts, as they stand.
-- grain: one row per alert
-- param: ids Array(String) = alert ids
-- column: alert_id String = identity
-- column: rule_id String = rule
-- column: severity String = severity
-- column: severity_at DateTime64(3,'UTC') = since when it has this severity
-- column: state String = state
-- column: org_code String = organisation; empty = none
-- column: subject_no String = number of the subject
-- column: subject_kind String = case, ticket, …
-- column: active Bool = the rule says so still
-- column: feedback_due Nullable(DateTime64(3,'UTC')) = when it has to be answered
-- column: due_at Nullable(DateTime64(3,'UTC')) = deadline that it is about
SELECT alert_id, rule_id, subject_kind, subject_no, org_code, state, severity, active, severity_at, due_at, feedback_due
FROM alerts FINAL
WHERE alert_id IN {ids:Array(String)}
ORDER BY alert_id

-- purpose: The alerts of a rule as of an instant.
-- grain: one row per chain of which a step was reached
-- param: rule_id String = the rule
-- param: at DateTime64(3,'UTC') = the instant
-- column: subject_no String = number of the subject
-- column: clock_no String = clock, step or period; empty = the subject as a whole
-- column: due_at Nullable(DateTime64(3,'UTC')) = deadline that it is about
-- column: org_code String = organisation; empty = none
-- column: evidence Map(String, String) = what it rests on
-- column: source_sys String = source system
-- column: i UInt32 = number of the last step reached
-- column: severity String = that of the last step reached; empty = over
-- column: since DateTime64(3,'UTC') = instant of that step
SELECT source_sys, subject_no, clock_no, org_code, arrayLastIndex(s -> s <= {at:DateTime64(3,'UTC')}, step_at) AS i,
    toString(step_severity[i]) AS severity, step_at[i] AS since, due_at, evidence
FROM alert_chains FINAL
WHERE rule_id = {rule_id:String} AND NOT gone AND i > 0
ORDER BY source_sys, subject_no, clock_no

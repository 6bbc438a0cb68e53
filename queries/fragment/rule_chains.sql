-- What a rule says about the subjects it is asked about, as rows of alert_chains; the
-- rule's own SQL stands where it says {{rows}}. What is not known of the evidence is empty: one odd subject must not
-- take the rule down for all.
-- param: rule_id String = the rule
-- param: rule_version UInt16 = its version
-- param: subject_kind String = kind of its subjects
-- param: chain String = what joins alerts of several rules
-- param: fold_version UInt64 = version of the round
-- param: at DateTime64(3,'UTC') = when it is evaluated
-- column: subject_kind String = kind of the subject
-- column: source_sys String = its source system
-- column: subject_no String = its number
-- column: rule_id String = the rule
-- column: rule_version UInt16 = its version
-- column: clock_no String = what tells several chains about one subject apart
-- column: fold_version UInt64 = version of the round
-- column: gone Bool = always false: the rule says so
-- column: alert_id String = identity of the alert: a hash of rule, version, subject and clock
-- column: chain String = what joins alerts of several rules
-- column: org_code String = organisation
-- column: region_code String = division
-- column: task_code String = service item
-- column: window_id String = window
-- column: staff_id String = member of staff
-- column: step_at Array(DateTime64(3,'UTC')) = when each step begins
-- column: step_severity Array(String) = severity of each step; empty ends the alert
-- column: due_at Nullable(DateTime64(3,'UTC')) = the due that it is about; null when about none
-- column: evidence Map(String, String) = what the verdict rests on
-- column: evaluated_at DateTime64(3,'UTC') = when the rule was asked
SELECT {subject_kind:String} AS subject_kind, toString(source_sys) AS source_sys, toString(subject_no) AS subject_no,
    {rule_id:String} AS rule_id, {rule_version:UInt16} AS rule_version, toString(clock_no) AS clock_no, {fold_version:UInt64} AS fold_version, false AS gone,
    lower(hex(sipHash128({rule_id:String}, toString({rule_version:UInt16}), {subject_kind:String}, toString(source_sys), toString(subject_no), toString(clock_no)))) AS alert_id,
    {chain:String} AS chain, toString(org_code) AS org_code, toString(region_code) AS region_code, toString(task_code) AS task_code, toString(window_id) AS window_id, toString(staff_id) AS staff_id,
    CAST(arrayMap(s -> s.1, steps), 'Array(DateTime64(3, \'UTC\'))') AS step_at, CAST(arrayMap(s -> s.2, steps), 'Array(String)') AS step_severity,
    CAST(due_at, 'Nullable(DateTime64(3, \'UTC\'))') AS due_at, CAST(mapApply((k, v) -> (k, ifNull(v, '')), CAST(evidence, 'Map(String, Nullable(String))')), 'Map(String, String)') AS evidence, {at:DateTime64(3,'UTC')} AS evaluated_at
FROM
(
{{rows}}
)
WHERE notEmpty(steps)

-- What a rule says about the subjects it is asked about, as rows of alert_chains; the
-- rule's own SQL stands where it says {{rows}}.
-- param: rule_id String = the rule
-- param: rule_version UInt16 = its version
-- param: subject_kind String = kind of its subjects
-- param: chain String = what joins alerts of several rules
-- param: fold_version UInt64 = version of the round
-- param: at DateTime64(3,'UTC') = when it is evaluated
SELECT {subject_kind:String} AS subject_kind, toString(source_sys) AS source_sys, toString(subject_no) AS subject_no,
    {rule_id:String} AS rule_id, {rule_version:UInt16} AS rule_version, toString(clock_no) AS clock_no, {fold_version:UInt64} AS fold_version, false AS gone,
    lower(hex(sipHash128({rule_id:String}, toString({rule_version:UInt16}), {subject_kind:String}, toString(source_sys), toString(subject_no), toString(clock_no)))) AS alert_id,
    {chain:String} AS chain, toString(org_code) AS org_code, toString(region_code) AS region_code, toString(task_code) AS task_code, toString(window_id) AS window_id, toString(staff_id) AS staff_id,
    CAST(arrayMap(s -> s.1, steps), 'Array(DateTime64(3, \'UTC\'))') AS step_at, CAST(arrayMap(s -> s.2, steps), 'Array(String)') AS step_severity,
    CAST(due_at, 'Nullable(DateTime64(3, \'UTC\'))') AS due_at, CAST(evidence, 'Map(String, String)') AS evidence, {at:DateTime64(3,'UTC')} AS evaluated_at
FROM
(
{{rows}}
)
WHERE notEmpty(steps)

-- purpose: What one outage holds back or takes off, subject by subject.
-- grain: one row per rise of severity reached within the outage, in its scope
-- include: outage_steps, outage_chains, region_filter, secret_subjects
-- param: id String = outage
-- param: secret String ? = as in alerts_as_of; only all shows what is about secret subjects
-- param: org String ? = organisation; empty = all
-- column: reached_at DateTime64(3,'UTC') = when the step was reached
-- column: said_at DateTime64(3,'UTC') = when it is, or will be, said; 2299 = never
-- column: alert_state String = the alert as it stands; empty = none was said
-- column: about_secret Bool = about a secret subject
-- source: domain guide 6.1, Suppression
WITH
{{outage_steps}}
SELECT alert_id, rule_id, subject_kind, source_sys, subject_no, org_code, region_code, severity, due_at, reached_at, said_at, toString(a.state) AS alert_state,
    (toString(subject_kind), toString(source_sys), subject_no) IN ({{secret_subjects}}) AS about_secret
FROM ({{outage_chains}}) AS c
LEFT JOIN (SELECT alert_id, state FROM alerts FINAL) AS a USING (alert_id)
WHERE outage = {id:String} AND ({org:String} = '' OR org_code = {org:String}) AND {{region_filter}}
    AND ({secret:String} = 'all' OR NOT about_secret)
ORDER BY reached_at, alert_id
LIMIT 10000

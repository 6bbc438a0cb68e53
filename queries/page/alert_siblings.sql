-- purpose: The other alerts of the same subject.
-- grain: one row per alert
-- include: alerts_as_of
-- param: alert_id String = the alert that is looked at
-- param: subject_kind String = kind of the subject
-- param: subject_sys String = source system of the subject
-- param: subject_no String = number of the subject
-- column: alert_id String = identity
SELECT alert_id, rule_id, clock_no, org_code, region_code, severity, state, raised_at, severity_at, ended, chain
FROM ({{alerts_as_of}})
WHERE subject_kind = {subject_kind:String} AND source_sys = {subject_sys:String} AND subject_no = {subject_no:String} AND alert_id != {alert_id:String}
ORDER BY severity_at, alert_id

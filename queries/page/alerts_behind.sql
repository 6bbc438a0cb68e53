-- purpose: The alerts that stand behind work, as of an instant.
-- grain: one row per alert
-- include: alerts_as_of
-- param: ids Array(String) = alert ids
-- column: alert_id String = identity
-- column: about_secret Bool = about a secret subject
SELECT alert_id, rule_id, subject_kind, source_sys, subject_no, org_code, region_code, severity, state, severity_at, ended, about_secret
FROM ({{alerts_as_of}})
WHERE alert_id IN {ids:Array(String)}
ORDER BY rank DESC, severity_at, alert_id

-- The alerts that appear, vanish or change their severity between another database
-- and this one, whatever the versions of their rules; one row per rule, subject
-- and clock instance. Cancelled and revoked ones do not stand.
-- param: main Identifier = database with the alerts as they stand
SELECT rule_id, subject_kind, source_sys, subject_no, clock_no, org_code, region_code, severity_was, severity_is,
    multiIf(severity_was = '', 'appears', severity_is = '', 'vanishes', 'severity') AS what
FROM
(
    SELECT rule_id, subject_kind, source_sys, subject_no, clock_no, argMax(org, is_now) AS org_code, argMax(region, is_now) AS region_code,
        argMaxIf(severity, fold_version, NOT is_now) AS severity_was, argMaxIf(severity, fold_version, is_now) AS severity_is
    FROM
    (
        SELECT toString(rule_id) AS rule_id, toString(subject_kind) AS subject_kind, source_sys, subject_no, clock_no, org_code AS org, region_code AS region,
            toString(severity) AS severity, fold_version, false AS is_now
        FROM {main:Identifier}.alerts FINAL
        WHERE state NOT IN ('cancelled', 'revoked')
        UNION ALL
        SELECT toString(rule_id), toString(subject_kind), source_sys, subject_no, clock_no, org_code, region_code, toString(severity), fold_version, true
        FROM alerts FINAL
        WHERE state NOT IN ('cancelled', 'revoked')
    )
    GROUP BY rule_id, subject_kind, source_sys, subject_no, clock_no
)
WHERE severity_was != severity_is

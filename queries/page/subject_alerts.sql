-- purpose: The alerts of one case or ticket, those that ended too.
-- grain: one row per alert
-- param: kind String = case or ticket
-- param: source String = source system of the subject
-- param: subject_no String = number of the subject
-- param: as_of DateTime64(3,'UTC') = alerts that were raised with effect later do not exist yet
-- column: alert_id String = identity
-- column: severity String = highest that was announced and stands
-- column: state String = alert_state after the last event by then
-- source: domain guide 6.1
-- The chains have the subject as their key and lead to the few alerts.
SELECT a.alert_id AS alert_id, rule_id, clock_no, org_code, region_code, e.last_severity AS severity, e.last_state AS state, raised_at, severity_at, due_at
FROM
(
    SELECT * EXCEPT (severity, state) FROM alerts FINAL
    WHERE alert_id IN (SELECT alert_id FROM alert_chains WHERE subject_kind = {kind:String} AND source_sys = {source:String} AND subject_no = {subject_no:String})
) AS a
INNER JOIN
(
    SELECT alert_id, argMax(toString(state), seq) AS last_state, argMax(toString(severity), seq) AS last_severity
    FROM alert_events FINAL
    WHERE effective_at <= {as_of:DateTime64(3,'UTC')}
        AND alert_id IN (SELECT alert_id FROM alert_chains WHERE subject_kind = {kind:String} AND source_sys = {source:String} AND subject_no = {subject_no:String})
    GROUP BY alert_id
) AS e ON e.alert_id = a.alert_id
ORDER BY severity_at, alert_id

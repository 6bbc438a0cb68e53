-- purpose: Read the chains that changed since the last look, or of which a step was reached since, with the alerts that they are.
-- grain: one row per chain
-- param: after_version UInt64 = fold version up to which chains were looked at
-- param: until_version UInt64 = fold version up to which they are looked at now
-- param: from DateTime64(3,'UTC') = watermark of the last look
-- param: until DateTime64(3,'UTC') = watermark of this one
-- column: alert_id String = identity
-- column: gone Bool = the rule says nothing here any more
-- column: step_at Array(DateTime64(3,'UTC')) = steps
-- column: step_severity Array(LowCardinality(String)) = steps
-- column: seq UInt32 = of the alert; 0 = never announced
WITH touched AS
(
    SELECT alert_id, subject_kind, source_sys, subject_no, rule_id, rule_version, clock_no
    FROM alert_chains
    WHERE fold_version > {after_version:UInt64} AND fold_version <= {until_version:UInt64}
    UNION ALL
    SELECT alert_id, subject_kind, source_sys, subject_no, rule_id, rule_version, clock_no
    FROM alert_timers
    WHERE wake_at > {from:DateTime64(3,'UTC')} AND wake_at <= {until:DateTime64(3,'UTC')}
),
chains AS
(
    SELECT * FROM alert_chains FINAL
    PREWHERE (subject_kind, source_sys, subject_no, rule_id, rule_version, clock_no) IN (SELECT subject_kind, source_sys, subject_no, rule_id, rule_version, clock_no FROM touched)
)
SELECT
    c.alert_id AS alert_id, c.gone AS gone, c.rule_id AS rule_id, c.rule_version AS rule_version, c.chain AS chain,
    c.subject_kind AS subject_kind, c.source_sys AS source_sys, c.subject_no AS subject_no, c.clock_no AS clock_no,
    c.org_code AS org_code, c.region_code AS region_code, c.task_code AS task_code, c.window_id AS window_id, c.staff_id AS staff_id,
    c.step_at AS step_at, c.step_severity AS step_severity, c.due_at AS due_at, c.evidence AS evidence,
    a.seq AS seq, a.state AS state, a.severity AS severity, a.announced_at AS announced_at, a.announced_severity AS announced_severity,
    a.raised_at AS raised_at, a.severity_at AS severity_at, a.recorded_at AS recorded_at, a.closed_at AS closed_at,
    a.feedback_due AS feedback_due, a.appeal_until AS appeal_until, a.assignee AS assignee
FROM chains AS c
LEFT JOIN
(
    SELECT * FROM alerts FINAL PREWHERE alert_id IN (SELECT alert_id FROM touched)
) AS a ON a.alert_id = c.alert_id
WHERE a.seq > 0 OR (NOT c.gone AND c.step_at[1] <= {until:DateTime64(3,'UTC')})

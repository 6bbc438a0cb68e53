-- purpose: Read the events of alerts that may have to be told of.
-- grain: one row per event of an alert
-- include: secret_subjects
-- param: after_version UInt64 = planned up to this fold version …
-- param: until_version UInt64 = … and looked at up to this one
-- param: recorded_since DateTime64(3,'UTC') ? = only those recorded since; with after_version 0 it finds what the cursor has passed
-- param: effective_since DateTime64(3,'UTC') = older ones are history that nobody is told of
-- column: version UInt64 = fold version that it was written with
-- column: kind String = kind
-- column: event String = event: raised, upgraded, …, or the action of a person
-- column: state String = state
-- column: severity String = severity
-- column: notify String = rung or role that the rule names for the severity; empty = none
-- column: org_code String = organisation; empty = none
-- column: co_orgs Array(String) = organisations that take part
-- column: region_code String = division; empty = none
-- column: window_id String = window; empty = none
-- column: staff_id String = member of staff; empty = nobody
-- column: assignee String = user it is assigned to; empty = nobody
-- column: actor String = user who acted; empty = nobody
-- column: effective_at DateTime64(3,'UTC') = when it takes effect
-- column: recorded_at DateTime64(3,'UTC') = when it was written
-- column: event_id String = alert:ALERT_ID:SEQ
-- column: subject_id String = the alert
-- column: kept Bool = about a secret subject, and nothing that the organisation has to act on: for those alone who watch over it
-- column: prev_state String = state before it; empty = none
-- column: prev_severity String = severity before it; empty = none
-- source: domain guide 6.1
WITH picked AS
(
    SELECT alert_id, seq, fold_version, event, state, severity, actor, effective_at, recorded_at, payload
    FROM alert_events
    WHERE fold_version > {after_version:UInt64} AND fold_version <= {until_version:UInt64}
        AND recorded_at >= {recorded_since:DateTime64(3,'UTC')} AND effective_at >= {effective_since:DateTime64(3,'UTC')}
    ORDER BY fold_version DESC
    LIMIT 1 BY alert_id, seq -- what stands; FINAL would not use the index by version
)
SELECT
    concat('alert:', e.alert_id, ':', toString(e.seq)) AS event_id, e.fold_version AS version, 'alert' AS kind, e.alert_id AS subject_id,
    e.event AS event, e.state AS state, e.severity AS severity, p.state AS prev_state, p.severity AS prev_severity,
    a.notify AS notify, a.kept AS kept, a.org_code AS org_code, CAST([], 'Array(String)') AS co_orgs, a.region_code AS region_code,
    a.window_id AS window_id, a.staff_id AS staff_id, if(e.event = 'assign', JSONExtractString(e.payload, 'assignee'), toString(a.assignee)) AS assignee, e.actor AS actor,
    e.effective_at AS effective_at, e.recorded_at AS recorded_at
FROM picked AS e
LEFT JOIN
(
    SELECT alert_id, seq + 1 AS seq, state, severity
    FROM alert_events FINAL
    WHERE alert_id IN (SELECT alert_id FROM picked)
) AS p ON p.alert_id = e.alert_id AND p.seq = e.seq
INNER JOIN
(
    SELECT alert_id, notify, org_code, region_code, window_id, staff_id, assignee,
        toBool((toString(subject_kind), toString(source_sys), subject_no) IN ({{secret_subjects}})
            AND NOT (subject_kind = 'rating' OR subject_kind = 'ticket' AND splitByChar('/', clock_no)[1] IN ('T3', 'T5', 'T8'))) AS kept
    FROM alerts FINAL
    WHERE alert_id IN (SELECT alert_id FROM picked)
) AS a ON a.alert_id = e.alert_id
ORDER BY version, event_id

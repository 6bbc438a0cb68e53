-- purpose: Read the chains that changed since the last look, or of which a step was reached since, or that an outage touches anew, with the alerts that they are.
-- grain: one row per chain
-- include: outage_steps, alert_piece
-- param: after_version UInt64 = fold version up to which chains were looked at
-- param: until_version UInt64 = fold version up to which they are looked at now
-- param: from DateTime64(3,'UTC') = watermark of the last look
-- param: until DateTime64(3,'UTC') = watermark of this one
-- param: rejudging Array(String) = rules that are being asked again about days: half of what they say would take back the other half
-- param: rule_ids Array(String) = rules in force
-- param: rule_categories Array(String) = category of each
-- column: alert_id String = identity
-- column: gone Bool = the rule says nothing here any more
-- column: chain_version UInt64 = fold version under which the rule said so
-- column: rule_id String = rule
-- column: rule_version UInt16 = version of the rule
-- column: chain String = alerts of one subject with the same chain are one
-- column: subject_kind String = kind of subject
-- column: source_sys String = source system
-- column: subject_no String = number of the subject
-- column: clock_no String = which of several instances; empty = the first
-- column: org_code String = organisation; empty = nobody in particular
-- column: region_code String = division; empty = none
-- column: task_code String = service item; empty = none
-- column: window_id String = window; empty = none
-- column: staff_id String = member of staff; empty = none
-- column: step_at Array(DateTime64(3,'UTC')) = steps, as outages let them be announced
-- column: step_severity Array(String) = steps
-- column: due_at Nullable(DateTime64(3,'UTC')) = deadline that the chain is about; null = none
-- column: evidence Map(String, String) = what the reader needs to check it
-- column: outage_moved Bool = an outage that was declared, changed or came to its end since the last look touches it
-- column: seq UInt32 = of the alert; 0 = never announced
-- column: state String = state of the alert; empty = never announced
-- column: severity String = severity; empty = none
-- column: announced_at Array(DateTime64(3,'UTC')) = steps that were announced
-- column: announced_severity Array(String) = steps that were announced
-- column: raised_at DateTime64(3,'UTC') = when it was raised
-- column: severity_at DateTime64(3,'UTC') = since when it has its severity
-- column: recorded_at DateTime64(3,'UTC') = when it was announced
-- column: closed_at Nullable(DateTime64(3,'UTC')) = when the alert was closed; null = open
-- column: feedback_due Nullable(DateTime64(3,'UTC')) = until when it is to be answered; null = not
-- column: appeal_until Nullable(DateTime64(3,'UTC')) = until when an appeal is possible; null = not
-- column: assignee String = user it is assigned to; empty = nobody
-- source: domain guide 6.1, Suppression; docs/supervision.md section 8
-- An outage that changed may have been shortened: whatever it could have covered
-- is looked at, 31 days being the longest.
WITH
{{outage_steps}},
(
    SELECT groupArray((from_at, if(changed, addDays(from_at, 31), until_at)))
    FROM
    (
        SELECT fromUnixTimestamp64Milli(JSONExtractInt(data, 'from_ms'), 'UTC') AS from_at, assumeNotNull(final_due_at) AS until_at,
            fold_version > {after_version:UInt64} AND fold_version <= {until_version:UInt64} AS changed
        FROM work_items FINAL
        WHERE kind = 'outage' AND (changed OR (until_at > {from:DateTime64(3,'UTC')} AND until_at <= {until:DateTime64(3,'UTC')}))
    )
) AS outage_windows,
touched AS
(
    SELECT alert_id, subject_kind, source_sys, subject_no, rule_id, rule_version, clock_no
    FROM alert_chains
    WHERE fold_version > {after_version:UInt64} AND fold_version <= {until_version:UInt64} AND {{alert_piece}} AND NOT has({rejudging:Array(String)}, rule_id)
    UNION ALL
    SELECT alert_id, subject_kind, source_sys, subject_no, rule_id, rule_version, clock_no
    FROM alert_timers
    WHERE wake_at > {from:DateTime64(3,'UTC')} AND wake_at <= {until:DateTime64(3,'UTC')} AND {{alert_piece}} AND NOT has({rejudging:Array(String)}, rule_id)
    UNION ALL
    SELECT alert_id, subject_kind, source_sys, subject_no, rule_id, rule_version, clock_no
    FROM alert_chains
    WHERE notEmpty(outage_windows) AND {{alert_piece}} AND NOT has({rejudging:Array(String)}, rule_id) AND arrayExists(t -> arrayExists(w -> t >= w.1 AND t < w.2, outage_windows), step_at)
),
chains AS
(
    SELECT * FROM alert_chains FINAL
    PREWHERE (subject_kind, source_sys, subject_no, rule_id, rule_version, clock_no) IN (SELECT subject_kind, source_sys, subject_no, rule_id, rule_version, clock_no FROM touched)
),
suppressed AS
(
    SELECT c.* EXCEPT (step_at, step_severity, evidence), a.* EXCEPT (alert),
        arrayFilter(o -> outage_covers(o, toString(source_sys), toString(org_code), toString(region_code), r.path,
            transform(toString(rule_id), {rule_ids:Array(String)}, {rule_categories:Array(String)}, ''), toString(rule_id)), outage_list) AS mine,
        arrayMap((t, s) -> (t, toString(s)), announced_at, announced_severity) AS said,
        arrayFilter(o -> arrayExists((t, s) -> t >= o.2 AND t < o.3 AND outage_binds(o, toString(s), said), c.step_at, c.step_severity), mine) AS hit,
        if(empty(hit), arrayMap((t, s) -> (t, toString(s)), c.step_at, c.step_severity),
            outage_effective(c.step_at, arrayMap(s -> toString(s), c.step_severity), mine, said)) AS steps,
        arrayMap(s -> s.1, steps) AS step_at, arrayMap(s -> s.2, steps) AS step_severity,
        if(empty(hit), c.evidence, mapUpdate(c.evidence, CAST(map('outage', arrayStringConcat(arrayMap(o -> o.1, hit), ' '), 'outage_until', toString(arrayMax(arrayMap(o -> o.3, hit)))), 'Map(LowCardinality(String), String)'))) AS evidence,
        toBool(arrayExists(t -> arrayExists(w -> t >= w.1 AND t < w.2, outage_windows), c.step_at)) AS outage_moved
    FROM chains AS c
    LEFT JOIN (SELECT region_code AS code, any(path) AS path FROM regions WHERE notEmpty(outage_list) GROUP BY code) AS r ON r.code = toString(c.region_code)
    LEFT JOIN
    (
        SELECT alert_id AS alert, seq, state, severity, announced_at, announced_severity, raised_at, severity_at, recorded_at, closed_at, feedback_due, appeal_until,
            assignee
        FROM alerts FINAL
        PREWHERE alert_id IN (SELECT alert_id FROM touched)
    ) AS a ON a.alert = c.alert_id
)
SELECT
    alert_id, gone, fold_version AS chain_version, rule_id, rule_version, chain, subject_kind, source_sys, subject_no, clock_no,
    org_code, region_code, task_code, window_id, staff_id, step_at, step_severity, due_at, evidence, outage_moved,
    seq, state, severity, announced_at, announced_severity, raised_at, severity_at, recorded_at, closed_at, feedback_due, appeal_until, assignee
FROM suppressed
WHERE seq > 0 OR (NOT gone AND notEmpty(step_at) AND step_at[1] <= {until:DateTime64(3,'UTC')})

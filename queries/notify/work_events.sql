-- purpose: Read the events of work items that may have to be told of.
-- grain: one row per event of a work item
-- param: after_version UInt64 = planned up to this fold version …
-- param: until_version UInt64 = … and looked at up to this one
-- param: recorded_since DateTime64(3,'UTC') ? = only those recorded since; with after_version 0 it finds what the cursor has passed
-- param: effective_since DateTime64(3,'UTC') = older ones are history that nobody is told of
-- column: version UInt64 = fold version that it was written with
-- column: kind String = kind
-- column: event String = event: raised, upgraded, …, or the action of a person
-- column: state String = state
-- column: severity String = severity
-- column: prev_severity String = severity before it; empty = none
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
-- column: event_id String = work:KIND:ID:SEQ
-- column: subject_id String = the work item
-- column: prev_state String = state before it; empty = none
-- source: domain guide 6.3
WITH picked AS
(
    SELECT kind, id, seq, fold_version, event, state, actor, effective_at, recorded_at, payload
    FROM work_events
    WHERE fold_version > {after_version:UInt64} AND fold_version <= {until_version:UInt64}
        AND recorded_at >= {recorded_since:DateTime64(3,'UTC')} AND effective_at >= {effective_since:DateTime64(3,'UTC')}
    ORDER BY fold_version DESC
    LIMIT 1 BY kind, id, seq -- what stands; FINAL would not use the index by version
)
SELECT
    concat('work:', e.kind, ':', e.id, ':', toString(e.seq)) AS event_id, e.fold_version AS version, e.kind AS kind, e.id AS subject_id,
    e.event AS event, e.state AS state, '' AS severity, p.state AS prev_state, '' AS prev_severity,
    '' AS notify, w.org_code AS org_code, w.co_orgs AS co_orgs, w.region_code AS region_code,
    '' AS window_id, '' AS staff_id, if(e.event = 'assign', JSONExtractString(e.payload, 'assignee'), toString(w.assignee)) AS assignee, e.actor AS actor,
    e.effective_at AS effective_at, e.recorded_at AS recorded_at
FROM picked AS e
LEFT JOIN
(
    SELECT kind, id, seq + 1 AS seq, state
    FROM work_events FINAL
    WHERE (kind, id) IN (SELECT kind, id FROM picked)
) AS p ON p.kind = e.kind AND p.id = e.id AND p.seq = e.seq
INNER JOIN
(
    SELECT kind, id, org_code, co_orgs, region_code, assignee
    FROM work_items FINAL
    WHERE (kind, id) IN (SELECT kind, id FROM picked)
) AS w ON w.kind = e.kind AND w.id = e.id
ORDER BY version, event_id

-- purpose: Every stored fact of one case, in the order of the fold, with what is in force marked.
-- grain: one row per fact and content
-- param: source String = source system
-- param: case_no String = number of the case in that system
-- param: as_of DateTime64(3,'UTC') = facts that occurred later are left out
-- column: occurred_at DateTime64(3,'UTC') = the source's claim; the legal moment
-- column: received_at DateTime64(3,'UTC') = broker time
-- column: stored_at DateTime64(3,'UTC') = when it was handed to the database
-- column: in_force Bool = highest revision of its event, first arrival of its identity
-- column: superseded Bool = a higher revision of the same event exists
-- source: domain guide 2.6
WITH
    facts AS
    (
        SELECT *
        FROM case_events FINAL
        WHERE source_sys = {source:String} AND case_no = {case_no:String} AND occurred_at <= {as_of:DateTime64(3,'UTC')}
    ),
    newest AS (SELECT event_id, max(revision) AS revision FROM facts GROUP BY event_id),
    first AS (SELECT event_id, revision, max(precedence) AS precedence FROM facts GROUP BY event_id, revision)
SELECT
    f.event_id AS event_id, f.revision AS revision, seq, event_type, activity, lifecycle, occurred_at, emitted_at,
    f.region_code AS region_code, f.org_code AS org_code, task_code, task_version, window_id, staff_id, apply_channel AS channel,
    payload, topic, partition, `offset`, received_at, stored_at,
    f.revision < n.revision AS superseded,
    f.revision = n.revision AND f.precedence = a.precedence AS in_force
FROM facts AS f
INNER JOIN newest AS n ON n.event_id = f.event_id
INNER JOIN first AS a ON a.event_id = f.event_id AND a.revision = f.revision
ORDER BY occurred_at, seq, event_id, revision, received_at
LIMIT 5000

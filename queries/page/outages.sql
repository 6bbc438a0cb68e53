-- purpose: The declared outages, and how much each holds back or takes off in a scope.
-- grain: one row per outage, the latest first
-- include: outage_steps, outage_chains, region_filter, secret_subjects
-- param: as_of DateTime64(3,'UTC') = those declared by this instant
-- param: org String ? = only what organisations of this code answer for; empty = all
-- param: secret String ? = as in alerts_as_of; only all counts what is about secret subjects
-- column: id String = identity
-- column: scope String = source, org, region or all
-- column: code String = source, organisation or division; empty for all
-- column: from_at DateTime64(3,'UTC') = begin
-- column: until_at DateTime64(3,'UTC') = end, not included
-- column: effect String = hold: said after the end; excuse: never said
-- column: state String = declared, ended or revoked
-- column: reason String = why, in the words of who declared it
-- column: ground String = ground of an excuse; empty = none
-- column: evidence Array(String) = documents, by reference
-- column: limits Array(String) = categories and rules that it is limited to; empty = all
-- column: seq UInt32 = last event; what an action must expect
-- column: declared_by String = user id
-- column: declared_role String = role
-- column: declared_at DateTime64(3,'UTC') = when it was recorded
-- column: held UInt64 = steps reached within it, in its scope
-- column: held_alerts UInt64 = alerts of these steps
-- column: sends Bool = of an outage of a source: it sent cases or tickets of the scope
-- source: domain guide 6.1, Suppression
WITH
{{outage_steps}}
SELECT w.id AS id, scope, code, from_at, until_at, effect, w.state AS state, reason, ground, evidence, limits, w.seq AS seq,
    e.actor AS declared_by, e.role AS declared_role, e.recorded_at AS declared_at, h.held AS held, h.held_alerts AS held_alerts,
    scope = 'source' AND code IN
    (
        SELECT toString(source_sys) FROM cases FINAL WHERE ({org:String} = '' OR org_code = {org:String}) AND {{region_filter}}
        UNION DISTINCT
        SELECT toString(source_sys) FROM tickets FINAL WHERE ({org:String} = '' OR org_code = {org:String}) AND {{region_filter}}
    ) AS sends
FROM
(
    SELECT id, toString(origin) AS scope, JSONExtractString(data, 'code') AS code, fromUnixTimestamp64Milli(JSONExtractInt(data, 'from_ms'), 'UTC') AS from_at,
        assumeNotNull(final_due_at) AS until_at, toString(level) AS effect, toString(state) AS state, JSONExtractString(data, 'reason') AS reason,
        JSONExtractString(data, 'ground') AS ground, JSONExtract(data, 'evidence', 'Array(String)') AS evidence,
        arrayConcat(JSONExtract(data, 'categories', 'Array(String)'), JSONExtract(data, 'rules', 'Array(String)')) AS limits, seq
    FROM work_items FINAL
    WHERE kind = 'outage'
) AS w
INNER JOIN (SELECT id, actor, role, recorded_at FROM work_events FINAL WHERE kind = 'outage' AND seq = 1 AND recorded_at <= {as_of:DateTime64(3,'UTC')}) AS e ON e.id = w.id
LEFT JOIN
(
    SELECT outage, count() AS held, uniqExact(alert_id) AS held_alerts
    FROM ({{outage_chains}})
    WHERE ({org:String} = '' OR org_code = {org:String}) AND {{region_filter}}
        AND ({secret:String} = 'all' OR (toString(subject_kind), toString(source_sys), subject_no) NOT IN ({{secret_subjects}}))
    GROUP BY outage
) AS h ON h.outage = w.id
ORDER BY from_at DESC, id

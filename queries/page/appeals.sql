-- purpose: List the appeals that wait for a decision, the oldest deadline first.
-- grain: one row per alert
-- include: appeals_as_of
-- param: max_rows UInt32 = rows of one page
-- param: skip UInt64 ? = rows before the page
-- column: alert_id String = identity
-- column: appeal String = JSON: ground, evidence, comment
-- column: appealed_at DateTime64(3,'UTC') = when it was appealed
-- column: decide_by Nullable(DateTime64(3,'UTC')) = until when it has to be decided; null = no calendar is stored
-- column: about_secret Bool = about a secret subject
-- column: total UInt64 = appeals that wait
-- column: overdue UInt64 = of those, past their deadline
-- source: domain guide 6.1, clear C
SELECT alert_id, rule_id, subject_kind, source_sys, subject_no, org_code, region_code, severity, state, severity_at, due_at, points, seq, about_secret,
    appealed_at, appealed_by, appealed_role, appeal, decide_by,
    count() OVER () AS total, countIf(ifNull(decide_by < {as_of:DateTime64(3,'UTC')}, false)) OVER () AS overdue
FROM ({{appeals_as_of}})
ORDER BY decide_by ASC NULLS LAST, appealed_at, alert_id
LIMIT {max_rows:UInt32} OFFSET {skip:UInt64}

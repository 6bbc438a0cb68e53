-- purpose: Read alerts as they stand, for the actions of people on them.
-- grain: one row per alert
-- include: secret_subjects
-- param: ids Array(String) = alert ids
-- column: alert_id String = identity
-- column: secret String = of an alert about a secret subject: acting for what its organisation has to act on, else all; empty for the others
-- column: seq UInt32 = last event of its history
-- column: state String = state
-- column: severity String = severity; empty = none
-- column: category String = category of the rule
-- column: rule_id String = rule
-- column: rule_version UInt16 = version of the rule
-- column: subject_kind String = kind of subject
-- column: source_sys String = source system
-- column: subject_no String = number of the subject
-- column: org_code String = organisation; empty = nobody in particular
-- column: region_code String = division; empty = none
-- column: assignee String = user it is assigned to; empty = nobody
-- column: feedback_due Int64 = Unix milliseconds; 0 = none
-- column: appeal_until Int64 = Unix milliseconds; 0 = none
-- column: raised_at Int64 = Unix milliseconds
-- column: closed_at Int64 = Unix milliseconds; 0 = none
SELECT alert_id,
    multiIf((toString(subject_kind), toString(source_sys), subject_no) NOT IN ({{secret_subjects}}), '',
        subject_kind = 'rating' OR subject_kind = 'ticket' AND splitByChar('/', clock_no)[1] IN ('T3', 'T5', 'T8'), 'acting', 'all') AS secret,
    seq, state, severity, category, rule_id, rule_version, subject_kind, source_sys, subject_no, org_code, region_code, assignee,
    ifNull(toUnixTimestamp64Milli(feedback_due), 0) AS feedback_due, ifNull(toUnixTimestamp64Milli(appeal_until), 0) AS appeal_until,
    toUnixTimestamp64Milli(raised_at) AS raised_at, ifNull(toUnixTimestamp64Milli(closed_at), 0) AS closed_at
FROM alerts FINAL
WHERE alert_id IN {ids:Array(String)}

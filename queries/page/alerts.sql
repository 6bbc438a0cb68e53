-- purpose: List alerts as of an instant, the most urgent first: by severity, and what has been over its deadline for longest before the rest.
-- grain: one row per alert
-- include: alerts_as_of
-- param: group String ? = open, ended or empty for all
-- param: severity String ? = notice, warning, yellow or red; empty = all
-- param: state String ? = state of an alert; empty = all
-- param: category String ? = category of its rule; empty = all
-- param: rule String ? = id of its rule; empty = all
-- param: subject_kind String ? = kind of its subject; empty = all
-- param: search String ? = text that the subject's number contains; empty = all
-- param: assignee String ? = user it is assigned to; empty = all
-- param: sort String ? = urgency, raised, due or feedback; empty = urgency
-- param: max_rows UInt32 = rows of one page
-- param: skip UInt64 ? = rows before the page
-- column: alert_id String = identity
-- column: severity String = highest announced
-- column: raised_at DateTime64(3,'UTC') = instant of the first step
-- column: severity_at DateTime64(3,'UTC') = instant of the step that gave the severity
-- column: feedback_due Nullable(DateTime64(3,'UTC')) = until when it has to be answered
-- column: has_stop Bool = the rule says whether and when the clock of the deadline stopped
-- column: stopped_at String = when, in UTC; empty = it runs
-- column: limit_unit String = unit of the limit, H = opening hours of the hall; empty = not said
-- column: about_secret Bool = about a secret subject
-- column: total UInt64 = alerts that fit the filter
-- source: domain guide 6
SELECT alert_id, rule_id, category, subject_kind, source_sys, subject_no, clock_no, org_code, region_code, task_code, severity, state, active, points,
    raised_at, severity_at, due_at, feedback_due, appeal_until, recorded_at, assignee, last_at, last_event, seq, ended, notify, about_secret,
    mapContains(evidence, 'stopped_at') AS has_stop, evidence['stopped_at'] AS stopped_at, evidence['limit_unit'] AS limit_unit,
    count() OVER () AS total
FROM ({{alerts_as_of}})
WHERE ({group:String} = '' OR ({group:String} = 'open' AND NOT ended) OR ({group:String} = 'ended' AND ended))
    AND ({severity:String} = '' OR severity = {severity:String})
    AND ({state:String} = '' OR state = {state:String})
    AND ({category:String} = '' OR category = {category:String})
    AND ({rule:String} = '' OR rule_id = {rule:String})
    AND ({subject_kind:String} = '' OR subject_kind = {subject_kind:String})
    AND ({search:String} = '' OR positionCaseInsensitiveUTF8(subject_no, {search:String}) > 0)
    AND ({assignee:String} = '' OR assignee = {assignee:String})
ORDER BY
    multiIf(
        {sort:String} = 'raised', -toUnixTimestamp64Milli(raised_at),
        {sort:String} = 'due', toUnixTimestamp64Milli(due_at),
        {sort:String} = 'feedback', toUnixTimestamp64Milli(feedback_due),
        toInt64(ended) * 10 - rank) ASC NULLS LAST,
    if({sort:String} IN ('', 'urgency'), toUnixTimestamp64Milli(coalesce(due_at, severity_at)), -toUnixTimestamp64Milli(severity_at)), alert_id
LIMIT {max_rows:UInt32} OFFSET {skip:UInt64}

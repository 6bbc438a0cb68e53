-- purpose: One alert as of an instant.
-- grain: one row, none when it did not exist then
-- include: alerts_as_of
-- param: alert_id String = identity
-- column: alert_id String = identity
-- column: has_stop Bool = the rule says whether and when the clock of the deadline stopped
-- column: stopped_at String = when, in UTC; empty = it runs
-- column: limit_unit String = unit of the limit, H = opening hours of the hall; empty = not said
-- column: about_secret Bool = about a secret subject: who may not see that is told what to do and no more
-- column: evidence Map(LowCardinality(String), String) = what its rule found
SELECT alert_id, rule_id, rule_version, category, chain, subject_kind, source_sys, subject_no, clock_no, org_code, region_code, task_code, window_id, staff_id,
    severity, state, active, points, notify, raised_at, severity_at, due_at, feedback_due, appeal_until, recorded_at, assignee,
    last_at, last_event, last_reason, seq, ended, about_secret, evidence,
    mapContains(evidence, 'stopped_at') AS has_stop, evidence['stopped_at'] AS stopped_at, evidence['limit_unit'] AS limit_unit, announced_at, announced_severity
FROM ({{alerts_as_of}})
WHERE alert_id = {alert_id:String}

-- Alerts whose appeal waits for its decision, with the appeal and until when it has
-- to be decided: the end of so many working days after it.
-- include: alerts_as_of, workdays
-- param: decide_days UInt8 = working days for the decision (domain guide 6.1)
WITH {{workdays}}
SELECT a.*, p.appealed_at AS appealed_at, p.appealed_by AS appealed_by, p.appealed_role AS appealed_role, p.appeal AS appeal,
    if(empty(wd_days), NULL, toNullable(day_end(add_wd(local_day(p.appealed_at), {decide_days:UInt8})))) AS decide_by
FROM ({{alerts_as_of}}) AS a
INNER JOIN
(
    SELECT alert_id, max(effective_at) AS appealed_at, argMax(actor, seq) AS appealed_by, argMax(role, seq) AS appealed_role, argMax(payload, seq) AS appeal
    FROM alert_events FINAL
    WHERE event = 'appeal' AND effective_at <= {as_of:DateTime64(3,'UTC')}
    GROUP BY alert_id
) AS p ON p.alert_id = a.alert_id
WHERE a.state = 'appealed'

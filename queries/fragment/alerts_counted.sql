-- As alerts_as_of, for those who only count: what an alert is by its last event is what its own row says, unless
-- events come after as_of; only those alerts are looked up in the history.
-- include: region_filter, secret_subjects
-- param: as_of DateTime64(3,'UTC') = the instant asked for
-- param: orgs Array(String) ? = organisations; empty = all
-- param: source String ? = source system; empty = all
-- param: secret String ? = of alerts about secret subjects: empty = none, acting = those that the organisation has to act on, all
SELECT a.* EXCEPT (state, severity, seq, closed_at),
    if(e.of_alert = '', a.state, e.last_state) AS state, if(e.of_alert = '', a.severity, e.last_severity) AS severity,
    state IN ('closed', 'revoked', 'cancelled') AS ended,
    transform(severity, ['notice', 'warning', 'yellow', 'red'], [1, 2, 3, 4], 0) AS rank
FROM
(
    SELECT *, (toString(subject_kind), toString(source_sys), subject_no) IN ({{secret_subjects}}) AS about_secret FROM alerts FINAL
    WHERE (empty({orgs:Array(String)}) OR has({orgs:Array(String)}, org_code)) AND ({source:String} = '' OR source_sys = {source:String}) AND {{region_filter}}
        AND ({secret:String} = 'all' OR NOT about_secret
            OR {secret:String} = 'acting' AND (subject_kind = 'rating' OR subject_kind = 'ticket' AND splitByChar('/', clock_no)[1] IN ('T3', 'T5', 'T8')))
) AS a
LEFT JOIN
(
    SELECT alert_id AS of_alert, argMax(state, seq) AS last_state, argMax(severity, seq) AS last_severity
    FROM alert_events FINAL
    WHERE effective_at <= {as_of:DateTime64(3,'UTC')} AND alert_id IN (SELECT alert_id FROM alert_events WHERE effective_at > {as_of:DateTime64(3,'UTC')})
    GROUP BY alert_id
) AS e ON e.of_alert = a.alert_id
WHERE e.of_alert != '' OR a.alert_id NOT IN (SELECT alert_id FROM alert_events WHERE effective_at > {as_of:DateTime64(3,'UTC')})

-- Every alert as of an instant: state and severity after its last event with
-- effect by then. Alerts whose first step lay later do not exist yet.
-- Alerts about secret subjects are kept from readers unless they watch over organisations;
-- an organisation is told what it has to act on, without what was found, see secret.
-- include: region_filter, secret_subjects
-- param: as_of DateTime64(3,'UTC') = the instant asked for
-- param: orgs Array(String) ? = organisations; empty = all
-- param: source String ? = source system; empty = all
-- param: secret String ? = of alerts about secret subjects: empty = none, acting = those that the organisation has to act on, all
SELECT a.* EXCEPT (state, severity, seq, closed_at) REPLACE (if(a.about_secret AND {secret:String} != 'all', CAST(map(), 'Map(LowCardinality(String), String)'), a.evidence) AS evidence),
    e.last_state AS state, e.last_severity AS severity, e.last_seq AS seq, e.last_at AS last_at, e.last_event AS last_event, e.last_reason AS last_reason,
    state IN ('closed', 'revoked', 'cancelled') AS ended,
    transform(severity, ['notice', 'warning', 'yellow', 'red'], [1, 2, 3, 4], 0) AS rank
FROM
(
    SELECT *, (toString(subject_kind), toString(source_sys), subject_no) IN ({{secret_subjects}}) AS about_secret FROM alerts FINAL
    WHERE (empty({orgs:Array(String)}) OR has({orgs:Array(String)}, org_code)) AND ({source:String} = '' OR source_sys = {source:String}) AND {{region_filter}}
        AND ({secret:String} = 'all' OR NOT about_secret
            OR {secret:String} = 'acting' AND (subject_kind = 'rating' OR subject_kind = 'ticket' AND splitByChar('/', clock_no)[1] IN ('T3', 'T5', 'T8')))
) AS a
INNER JOIN
(
    SELECT alert_id, argMax(state, seq) AS last_state, argMax(severity, seq) AS last_severity, max(seq) AS last_seq,
        argMax(effective_at, seq) AS last_at, argMax(event, seq) AS last_event, argMax(reason, seq) AS last_reason
    FROM alert_events FINAL
    WHERE effective_at <= {as_of:DateTime64(3,'UTC')}
    GROUP BY alert_id
) AS e ON e.alert_id = a.alert_id

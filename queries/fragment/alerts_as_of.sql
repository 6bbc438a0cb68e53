-- Every alert as of an instant: state and severity after its last event with
-- effect by then. Alerts whose first step lay later do not exist yet.
-- include: region_filter
-- param: as_of DateTime64(3,'UTC') = the instant asked for
-- param: orgs Array(String) ? = organisations; empty = all
-- param: source String ? = source system; empty = all
SELECT a.* EXCEPT (state, severity, seq, closed_at),
    e.last_state AS state, e.last_severity AS severity, e.last_seq AS seq, e.last_at AS last_at, e.last_event AS last_event, e.last_reason AS last_reason,
    state IN ('closed', 'revoked', 'cancelled') AS ended,
    transform(severity, ['notice', 'warning', 'yellow', 'red'], [1, 2, 3, 4], 0) AS rank
FROM
(
    SELECT * FROM alerts FINAL
    WHERE (empty({orgs:Array(String)}) OR has({orgs:Array(String)}, org_code)) AND ({source:String} = '' OR source_sys = {source:String}) AND {{region_filter}}
) AS a
INNER JOIN
(
    SELECT alert_id, argMax(state, seq) AS last_state, argMax(severity, seq) AS last_severity, max(seq) AS last_seq,
        argMax(effective_at, seq) AS last_at, argMax(event, seq) AS last_event, argMax(reason, seq) AS last_reason
    FROM alert_events FINAL
    WHERE effective_at <= {as_of:DateTime64(3,'UTC')}
    GROUP BY alert_id
) AS e ON e.alert_id = a.alert_id

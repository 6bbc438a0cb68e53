-- purpose: Find which actions became events already, when a round is repeated after a crash.
-- grain: one row per event
-- param: ids Array(String) = subjects
-- param: actions Array(String) = event_id of the actions
-- column: kind String = alert, order, rating, exposure or referral
-- column: id String = subject
-- column: action_id String = event_id of the action
-- column: seq UInt32 = number of the event
SELECT 'alert' AS kind, alert_id AS id, action_id, seq
FROM alert_events FINAL
WHERE alert_id IN {ids:Array(String)} AND action_id IN {actions:Array(String)}
UNION ALL
SELECT toString(kind) AS kind, id, action_id, seq
FROM work_events FINAL
WHERE id IN {ids:Array(String)} AND action_id IN {actions:Array(String)}

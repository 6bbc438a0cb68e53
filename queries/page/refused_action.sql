-- purpose: What a person wrote with an action that was refused, and who was faster.
-- grain: one row, none when the action is not on record
-- param: id String = event_id of the action
-- param: kind String = alert, order, rating, exposure or referral
-- param: subject String = identity of what it was about
-- column: action String = the action
-- column: actor String = user id of who acted
-- column: payload String = JSON of the texts
-- column: others Array(String) = user ids of whoever acted on the subject since the person saw it; empty text = the system
-- source: docs/supervision.md 4
SELECT
    action, actor, payload,
    (
        SELECT groupUniqArray(actor)
        FROM
        (
            SELECT actor, seq FROM alert_events FINAL WHERE {kind:String} = 'alert' AND alert_id = {subject:String}
            UNION ALL
            SELECT actor, seq FROM work_events FINAL WHERE {kind:String} = kind AND id = {subject:String}
        )
        WHERE seq >
        (
            SELECT max(expected_seq) FROM actions
            WHERE subject_kind = {kind:String} AND subject_id = {subject:String} AND event_id = {id:String}
        )
    ) AS others
FROM actions FINAL
WHERE subject_kind = {kind:String} AND subject_id = {subject:String} AND event_id = {id:String}
LIMIT 1

-- purpose: Write alerts anew after the actions of people; what these do not touch stays.
-- grain: one row per alert
-- param: rows String = JSON list of what changed
-- param: fold_version UInt64 = version of the round
INSERT INTO alerts
SELECT a.* REPLACE (
    {fold_version:UInt64} AS fold_version, c.seq AS seq, c.state AS state, c.severity AS severity, c.assignee AS assignee,
    if(c.feedback_due = 0, NULL, fromUnixTimestamp64Milli(c.feedback_due, 'UTC')) AS feedback_due,
    if(c.appeal_until = 0, NULL, fromUnixTimestamp64Milli(c.appeal_until, 'UTC')) AS appeal_until,
    if(c.closed_at = 0, NULL, fromUnixTimestamp64Milli(c.closed_at, 'UTC')) AS closed_at,
    fromUnixTimestamp64Milli(c.updated_at, 'UTC') AS updated_at)
FROM
(
    SELECT * FROM alerts FINAL
    WHERE alert_id IN (SELECT JSONExtractString(arrayJoin(JSONExtractArrayRaw({rows:String})), 'id'))
) AS a
INNER JOIN
(
    SELECT t.id AS id, t.seq AS seq, t.state AS state, t.severity AS severity, t.assignee AS assignee, t.feedback_due AS feedback_due,
        t.appeal_until AS appeal_until, t.closed_at AS closed_at, t.updated_at AS updated_at
    FROM
    (
        SELECT JSONExtract(arrayJoin(JSONExtractArrayRaw({rows:String})), 'Tuple(id String, seq UInt32, state String, severity String, assignee String, feedback_due Int64, appeal_until Int64, closed_at Int64, updated_at Int64)') AS t
    )
) AS c ON c.id = a.alert_id

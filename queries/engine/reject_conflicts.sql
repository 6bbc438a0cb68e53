-- purpose: Put the conflicting rewrites of a topic that a round found into the rejects, with their content as a message.
-- grain: one row per delivery that lost in this round
-- param: topic String = the topic
-- param: fold_version UInt64 = version of the round
-- param: at DateTime64(3,'UTC') = when the round found them
INSERT INTO ingest_rejects (topic, partition, `offset`, reason, field, detail, source_sys, key, raw, received_at, stored_at)
WITH
    lost AS
    (
        SELECT *
        FROM fact_conflicts FINAL
        WHERE topic = {topic:String} AND NOT stands AND fold_version = {fold_version:UInt64}
    ),
    texts AS
    (
        SELECT l.identity AS identity, l.content AS content, any(f.raw) AS raw
        FROM
        (
            SELECT partition, offset, concat(substring(fields, 1, length(fields) - 1), if(payload = '', '', concat(',"payload":', payload)), '}') AS raw
            FROM
            (
                {{rows}}
            )
        ) AS f
        INNER JOIN lost AS l ON l.partition = f.partition AND l.offset = f.offset
        GROUP BY l.identity, l.content
    )
SELECT l.topic, l.partition, l.offset, 'conflicting_rewrite', '',
    concat('another message with the same identity and other content arrived first and stands; ',
        if(l.topic = 'actions', 'an action is never revised, act again under a new event_id', 'send a correction under a higher revision')),
    l.source_sys, concat(if(l.topic = 'actions', l.subject_kind, l.source_sys), char(31), l.subject), t.raw, l.received_at, {at:DateTime64(3,'UTC')}
FROM lost AS l
LEFT JOIN texts AS t ON t.identity = l.identity AND t.content = l.content

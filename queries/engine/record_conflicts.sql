-- purpose: Record which deliveries of the contested identities of a range stand and which do not.
-- grain: one row per delivery of a contested identity
-- include: facts_range
-- param: fold_version UInt64 = version of the round
-- source: domain guide 2.6: same revision but different hash → quarantine; the first arrival stands
INSERT INTO fact_conflicts (topic, partition, `offset`, source_sys, subject_kind, subject, identity, content, stands, received_at, fold_version)
WITH contested AS
(
    SELECT identity, argMin(content, (received_at, offset, partition, content)) AS first_content
    FROM deliveries
    PREWHERE topic = {topic:String} AND identity IN (SELECT identity FROM deliveries WHERE {{facts_range}} AND outcome = 'fact')
    WHERE outcome = 'fact'
    GROUP BY identity
    HAVING min(content) != max(content)
)
SELECT d.topic, d.partition, d.offset, d.source_sys, d.subject_kind, d.subject, d.identity, d.content,
    d.content = c.first_content, d.received_at, {fold_version:UInt64}
FROM (SELECT * FROM deliveries WHERE topic = {topic:String} AND outcome = 'fact' AND identity IN (SELECT identity FROM contested)) AS d
INNER JOIN contested AS c ON c.identity = d.identity

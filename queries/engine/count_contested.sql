-- purpose: Count the identities of a range of deliveries that came with more than one content.
-- grain: one row
-- include: facts_range
-- column: identities UInt64 = such identities
-- source: domain guide 2.6
SELECT count() AS identities
FROM
(
    SELECT identity
    FROM deliveries
    PREWHERE topic = {topic:String} AND identity IN (SELECT identity FROM deliveries WHERE {{facts_range}} AND outcome = 'fact')
    WHERE outcome = 'fact'
    GROUP BY identity
    HAVING min(content) != max(content)
)

-- purpose: Names of the attributes that sources gave to cases and tickets: each can be grouped by (attribute:NAME).
-- grain: one row per name
-- param: kind String ? = case or ticket; empty = both
-- param: source String ? = source system; empty = all
-- column: name String = name of the attribute
-- source: domain guide 8.1
SELECT DISTINCT toString(name) AS name
FROM
(
    SELECT arrayJoin(mapKeys(attributes)) AS name FROM cases
    WHERE {kind:String} IN ('', 'case') AND ({source:String} = '' OR source_sys = {source:String})
    UNION ALL
    SELECT arrayJoin(mapKeys(attributes)) FROM tickets
    WHERE {kind:String} IN ('', 'ticket') AND ({source:String} = '' OR source_sys = {source:String})
)
ORDER BY name
LIMIT 500

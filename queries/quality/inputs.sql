-- purpose: Which inputs of figures there are: topics with facts, names of measurements, kinds of work, and keys of the catalogue and the directory.
-- grain: one row per input
-- column: input String = as the definitions of indicators name it: case-events, measurements:hotline_calls, service-items:online_depth …
-- source: domain guide 5
SELECT 'case-events' AS input FROM (SELECT 1 FROM cases LIMIT 1)
UNION ALL SELECT 'hotline-tickets' FROM (SELECT 1 FROM tickets LIMIT 1)
UNION ALL SELECT 'satisfaction-ratings' FROM (SELECT 1 FROM rating_states LIMIT 1)
UNION ALL SELECT 'service-items' FROM (SELECT 1 FROM items LIMIT 1)
UNION ALL SELECT 'organisations' FROM (SELECT 1 FROM organisations LIMIT 1)
UNION ALL SELECT DISTINCT concat('measurements:', toString(name)) FROM measurements
UNION ALL SELECT DISTINCT concat('actions:', toString(kind)) FROM work_items
UNION ALL SELECT DISTINCT concat('service-items:', key) FROM items
ARRAY JOIN arrayConcat(JSONExtractKeys(payload), arrayFilter(k -> k != '', [
    if(isNull(online_depth), '', 'online_depth'), if(isNull(limit_visits), '', 'limit_visits'),
    if(isNull(promise_days), '', 'promise_days'), if(isNull(baseline_promise_days), '', 'baseline_promise_days')])) AS key
UNION ALL SELECT DISTINCT concat('organisations:', key) FROM organisations ARRAY JOIN JSONExtractKeys(payload) AS key

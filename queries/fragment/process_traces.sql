-- One row per subject of a source: its activities in the order of their
-- instants, equal instants in the order of the source's sequence number. A
-- subject is in the period when its first activity is.
-- param: from DateTime64(3,'UTC') ? = first instant of the period; nothing = from the beginning
-- include: process_facts, instant_until
SELECT
    kind, subject_no,
    arraySort(groupArray((occurred_at, seq, event_id, label))) AS facts,
    arrayMap(f -> f.4, facts) AS labels,
    arrayMap(f -> f.1, facts) AS instants
FROM ({{process_facts}})
GROUP BY kind, subject_no
HAVING instants[1] >= {from:DateTime64(3,'UTC')} AND instants[1] < {{instant_until}}

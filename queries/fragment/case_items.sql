-- The service items of the cases that a rule looks at, one row per version: what
-- the catalogue says now (of an event the highest revision, of several events the
-- one that arrived last). i_ columns, to be joined on (task_code, task_version) of
-- the case, which is the version in force at acceptance.
-- include: case_subjects
SELECT
    task_code AS i_task_code, task_version AS i_task_version,
    argMax((payload, promise_days, promise_unit, legal_days, legal_unit), (received_at, offset)) AS i,
    i.1 AS i_payload, i.2 AS i_promise_days, i.3 AS i_promise_unit, i.4 AS i_legal_days, i.5 AS i_legal_unit
FROM
(
    SELECT *, max(revision) OVER (PARTITION BY task_code, task_version, source_sys, event_id) AS top
    FROM items FINAL
    WHERE task_code IN (SELECT task_code FROM ({{case_subjects}}) WHERE item_known)
        AND (topic, partition, `offset`) NOT IN (SELECT topic, partition, `offset` FROM fact_conflicts FINAL WHERE topic = 'service-items' AND NOT stands)
)
WHERE revision = top
GROUP BY task_code, task_version

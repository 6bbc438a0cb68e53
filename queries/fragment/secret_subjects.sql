-- The subjects that are kept from all but those who watch over organisations (domain guide
-- 8.3): cases and tickets that are secret from the first fact on or by a later one, and the work of which all subjects are secret. Few
-- subjects ever were secret; whether they are still is looked up among those alone.
WITH
secret_cases AS (SELECT source_sys, case_no FROM cases FINAL WHERE (secret OR hidden) AND (source_sys, case_no) IN (SELECT source_sys, case_no FROM cases WHERE secret OR hidden)),
secret_tickets AS (SELECT source_sys, ticket_no FROM tickets FINAL WHERE (secret OR hidden) AND (source_sys, ticket_no) IN (SELECT source_sys, ticket_no FROM tickets WHERE secret OR hidden))
SELECT 'case' AS kind, toString(source_sys) AS source, case_no AS number FROM secret_cases
UNION ALL
SELECT 'ticket' AS kind, toString(source_sys) AS source, ticket_no AS number FROM secret_tickets
UNION ALL
SELECT toString(kind) AS kind, '' AS source, id AS number
FROM work_items FINAL
WHERE kind != 'order' AND notEmpty(subjects) AND arrayAll(s -> has((
    SELECT groupArray(ref) FROM
    (
        SELECT concat('case/', toString(source_sys), '/', case_no) AS ref FROM secret_cases
        UNION ALL SELECT concat('ticket/', toString(source_sys), '/', ticket_no) AS ref FROM secret_tickets
    )), s), subjects)

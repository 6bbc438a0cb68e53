-- Measurements of the scope in force: of an event the highest revision, of that the first to
-- arrive. What it is about besides (payload key) tells several of one organisation apart.
-- include: figure_scope
SELECT toString(source_sys) AS source_sys, event_id, toString(name) AS name, toString(org_code) AS org_code, toString(region_code) AS region_code, period_from, period_to,
    `values`, payload, JSONExtractString(payload, 'key') AS about
FROM
(
    SELECT *
    FROM measurements
    WHERE period_to <= {as_of:DateTime64(3,'UTC')}
    ORDER BY revision DESC, precedence DESC
    LIMIT 1 BY source_sys, event_id
)
WHERE {{figure_scope}}

-- What falls into declared outages of its scope: one row per outage and rise of
-- severity reached within it. Needs outage_steps in the WITH clause.
-- param: rule_ids Array(String) = rules in force
-- param: rule_categories Array(String) = category of each
SELECT o.1 AS outage, alert_id, rule_id, subject_kind, source_sys, subject_no, org_code, region_code, due_at, reached_at, severity, outage_shift(reached_at, covering) AS said_at
FROM
(
    SELECT *, arrayFilter(o -> outage_covers(o, toString(source_sys), toString(org_code), toString(region_code), r.path,
            transform(toString(rule_id), {rule_ids:Array(String)}, {rule_categories:Array(String)}, ''), toString(rule_id)), outage_list) AS covering
    FROM
    (
        SELECT alert_id, rule_id, subject_kind, source_sys, subject_no, org_code, region_code, due_at, reached_at, toString(sev) AS severity
        FROM alert_chains FINAL
        ARRAY JOIN step_at AS reached_at, step_severity AS sev
        WHERE NOT gone AND notEmpty(outage_list) AND sev != '' AND arrayExists(o -> reached_at >= o.2 AND reached_at < o.3, outage_list)
    ) AS c
    LEFT JOIN (SELECT region_code AS code, any(path) AS path FROM regions WHERE notEmpty(outage_list) GROUP BY code) AS r ON r.code = toString(c.region_code)
)
ARRAY JOIN covering AS o
WHERE reached_at >= o.2 AND reached_at < o.3

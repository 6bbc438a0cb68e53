-- purpose: What the rules will say of one case or ticket when nothing more happens.
-- grain: one row per rule, instance and rise of severity after the instant
-- include: outage_steps
-- param: kind String = case or ticket
-- param: source String = source system of the subject
-- param: subject_no String = number of the subject
-- param: as_of DateTime64(3,'UTC') = steps announced by then are left out
-- param: rule_ids Array(String) = rules in force
-- param: rule_categories Array(String) = category of each
-- column: reached_at DateTime64(3,'UTC') = when the step is reached
-- column: said_at DateTime64(3,'UTC') = when it is announced: later within a declared outage; 2299 = never, the outage is its cause
-- source: domain guide 6.1
WITH
{{outage_steps}}
SELECT rule_id, clock_no, org_code, region_code, due_at, reached_at, severity, outage_shift(reached_at, covering) AS said_at
FROM
(
    SELECT *, arrayFilter(o -> outage_covers(o, {source:String}, toString(org_code), toString(region_code), r.path,
        transform(toString(rule_id), {rule_ids:Array(String)}, {rule_categories:Array(String)}, ''), toString(rule_id)), outage_list) AS covering
    FROM
    (
        SELECT rule_id, clock_no, org_code, region_code, due_at, reached_at, toString(sev) AS severity
        FROM alert_chains FINAL
        ARRAY JOIN step_at AS reached_at, step_severity AS sev
        WHERE subject_kind = {kind:String} AND source_sys = {source:String} AND subject_no = {subject_no:String} AND NOT gone AND sev != ''
            AND has({rule_ids:Array(String)}, toString(rule_id))
    ) AS c
    LEFT JOIN (SELECT region_code AS code, any(path) AS path FROM regions GROUP BY code) AS r ON r.code = toString(c.region_code)
)
WHERE said_at > {as_of:DateTime64(3,'UTC')}
ORDER BY reached_at, rule_id, clock_no

-- purpose: List the organisations of a scope that work can be given to, by the version in force on a local day.
-- grain: one row per organisation
-- include: region_filter
-- param: day Date32 = local day
-- param: orgs Array(String) ? = only these; empty = all
-- param: max_rows UInt32 = at most so many
-- column: org_code String = code
-- column: name String = name
-- column: name_en String = English name; may be empty
-- column: region_code String = region
-- source: domain guide 1.2
SELECT org_code, name, name_en, region_code
FROM
(
    SELECT
        org_code,
        argMax(name, (valid_from, revision, precedence)) AS name,
        argMax(name_en, (valid_from, revision, precedence)) AS name_en,
        argMax(toString(region_code), (valid_from, revision, precedence)) AS region_code,
        argMax(tuple(valid_to), (valid_from, revision, precedence)).1 AS until
    FROM organisations
    WHERE valid_from <= {day:Date32} AND (empty({orgs:Array(String)}) OR has({orgs:Array(String)}, org_code))
    GROUP BY org_code
)
WHERE (until IS NULL OR until > {day:Date32}) AND {{region_filter}}
ORDER BY region_code, org_code
LIMIT {max_rows:UInt32}

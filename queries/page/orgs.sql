-- purpose: Name the organisations that answer for cases or tickets in a scope; without a name in the directory the code stands for it.
-- grain: one row per organisation
-- param: source String ? = source system; empty means all
-- param: region String ? = region with all below it; empty means all
-- param: org String ? = one organisation; empty means all
-- param: max_rows UInt32 = at most so many, those with most subjects
-- column: org_code String = code
-- column: name String = name in the directory, newest version; empty = not in it
-- column: name_en String = English name; may be empty
-- column: region_code String = region of the organisation
-- column: subjects UInt64 = cases and tickets it answers for
-- source: domain guide 1.2
SELECT s.org_code AS org_code, d.name AS name, d.name_en AS name_en, d.region_code AS region_code, s.subjects AS subjects
FROM
(
    SELECT org_code, count() AS subjects
    FROM
    (
        SELECT source_sys, region_code, org_code FROM cases FINAL
        UNION ALL
        SELECT source_sys, region_code, org_code FROM tickets FINAL
    )
    WHERE org_code != ''
        AND ({source:String} = '' OR source_sys = {source:String})
        AND ({org:String} = '' OR org_code = {org:String})
        AND ({region:String} = '' OR region_code = {region:String}
            OR region_code IN (SELECT region_code FROM regions WHERE has(path, {region:String})))
    GROUP BY org_code
) AS s
LEFT JOIN
(
    SELECT
        org_code,
        argMax(name, (valid_from, revision, precedence)) AS name,
        argMax(name_en, (valid_from, revision, precedence)) AS name_en,
        argMax(region_code, (valid_from, revision, precedence)) AS region_code
    FROM organisations
    GROUP BY org_code
) AS d ON d.org_code = s.org_code
ORDER BY subjects DESC, org_code
LIMIT {max_rows:UInt32}

-- purpose: Name a set of organisations, newest version of the directory.
-- grain: one row per organisation in the directory
-- param: codes Array(String) = codes to name
-- column: org_code String = code
-- column: name String = name
-- column: name_en String = English name; may be empty
-- column: region_code String = region
-- column: parent_code String = organisation above; may be empty
-- source: domain guide 1.2
SELECT
    org_code,
    argMax(name, (valid_from, revision, precedence)) AS name,
    argMax(name_en, (valid_from, revision, precedence)) AS name_en,
    argMax(region_code, (valid_from, revision, precedence)) AS region_code,
    argMax(parent_code, (valid_from, revision, precedence)) AS parent_code
FROM organisations
WHERE has({codes:Array(String)}, org_code)
GROUP BY org_code
ORDER BY org_code

-- purpose: Name a set of organisations as they were called on a local day.
-- grain: one row per organisation in the directory
-- param: codes Array(String) = codes to name
-- param: day Date32 ? = local day; the epoch means the newest version
-- column: org_code String = code
-- column: name String = name by the version in force on the day, else the last before it; of one that began later its first
-- column: name_en String = English name; may be empty
-- column: region_code String = region
-- column: parent_code String = organisation above; may be empty
-- source: domain guide 1.2
WITH
    toInt32({day:Date32}) = 0 OR valid_from <= {day:Date32} AS begun,
    (begun, if(begun, toInt32(valid_from), -toInt32(valid_from)), revision, precedence) AS newness
SELECT
    org_code,
    argMax(name, newness) AS name,
    argMax(name_en, newness) AS name_en,
    argMax(region_code, newness) AS region_code,
    argMax(parent_code, newness) AS parent_code
FROM organisations
WHERE has({codes:Array(String)}, org_code)
GROUP BY org_code
ORDER BY org_code

-- purpose: Name a set of regions.
-- grain: one row per known region
-- param: codes Array(String) = codes to name
-- column: region_code String = code
-- column: name String = name
-- column: gov_level Int8 = 1 province … 5 village
-- source: domain guide 1.1
SELECT region_code, any(name) AS name, any(gov_level) AS gov_level
FROM regions
WHERE has({codes:Array(String)}, region_code)
GROUP BY region_code
ORDER BY region_code

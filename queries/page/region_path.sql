-- purpose: Name a region and all above it, for the way back up.
-- grain: one row per region from the province down to the one asked for
-- param: region String = code of the region
-- column: region_code String = code
-- column: name String = name
-- column: gov_level Int8 = 1 province … 5 village
-- source: domain guide 1.1
WITH (SELECT any(path) FROM regions WHERE region_code = {region:String}) AS codes
SELECT region_code, any(name) AS name, any(gov_level) AS gov_level
FROM regions
WHERE has(codes, region_code)
GROUP BY region_code
ORDER BY gov_level, region_code

-- purpose: List the regions directly below one, for the filter.
-- grain: one row per region
-- param: region String ? = code of the region above; empty lists the provinces
-- column: region_code String = code
-- column: name String = name
-- column: gov_level Int8 = 1 province … 5 village
-- source: domain guide 1.1
SELECT region_code, any(name) AS name, any(gov_level) AS gov_level
FROM regions
WHERE parent_code = {region:String} AND NOT is_virtual
GROUP BY region_code
ORDER BY region_code

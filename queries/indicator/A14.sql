-- purpose: Same item, same code (同一事项同一编码率).
-- grain: one row per group
-- column: numerator UInt64 = catalogue groups with one name and one code in all divisions
-- column: denominator UInt64 = catalogue groups that occur in two divisions or more
-- source: domain guide 5.2, A14
-- dims: item
-- evidence: list_items
-- include: items_in_force, ratio
-- A group is a basic code; it belongs to the smallest division that holds all its items.
WITH figure_rows AS
(
SELECT '' AS source_sys, catalog_code AS task_code, '' AS task_version, any(g.name) AS name, '' AS org_code, any(g.item_type) AS item_type, any(g.project_type) AS project_type, min(g.valid_from) AS valid_from, bucket_at,
    -- a group belongs to the smallest division that holds all its items
    arrayLast(c -> arrayAll(p -> has(p, c), groupUniqArray(g.path)), any(g.path)) AS region_code,
    uniqExact(g.name) = 1 AND max(g.codes_of_name) = 1 AS in_numerator, true AS in_denominator
FROM
(
    SELECT f.* EXCEPT (source_sys), if(empty(place.path), [f.region_code], place.path) AS path, uniqExact(catalog_code) OVER (PARTITION BY name, bucket_at) AS codes_of_name
    FROM ({{items_in_force}}) AS f
    ANY LEFT JOIN (SELECT region_code AS place_code, path FROM regions) AS place ON place.place_code = f.region_code
    WHERE catalog_code != ''
) AS g
GROUP BY catalog_code, bucket_at
HAVING uniqExact(g.path[-1]) > 1
)
{{ratio}}

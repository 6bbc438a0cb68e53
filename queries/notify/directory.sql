-- purpose: Read the organisations in force with their contacts, and where they stand.
-- grain: one row per organisation
-- param: day Date32 = local day
-- column: org_code String = organisation
-- column: name String = name
-- column: name_en String = English name; empty = none
-- column: parent_code String = organisation above it; empty = none
-- column: region_code String = division; empty = none
-- column: contacts String = JSON list of docs/supervision.md section 6; empty = none
-- column: region_path Array(String) = divisions from the province down to its own
-- source: docs/supervision.md section 6
SELECT o.org_code AS org_code, o.name AS name, o.name_en AS name_en, o.parent_code AS parent_code, o.region_code AS region_code,
    o.contacts AS contacts, r.path AS region_path
FROM
(
    SELECT
        org_code,
        argMax(name, (valid_from, revision, precedence)) AS name,
        argMax(name_en, (valid_from, revision, precedence)) AS name_en,
        argMax(parent_code, (valid_from, revision, precedence)) AS parent_code,
        argMax(toString(region_code), (valid_from, revision, precedence)) AS region_code,
        argMax(JSONExtractRaw(payload, 'contacts'), (valid_from, revision, precedence)) AS contacts,
        argMax(tuple(valid_to), (valid_from, revision, precedence)).1 AS until
    FROM organisations
    WHERE valid_from <= {day:Date32}
    GROUP BY org_code
) AS o
LEFT JOIN
(
    SELECT region_code, argMax(path, edition) AS path
    FROM regions
    GROUP BY region_code
) AS r ON r.region_code = o.region_code
WHERE o.until IS NULL OR o.until > {day:Date32}
ORDER BY org_code

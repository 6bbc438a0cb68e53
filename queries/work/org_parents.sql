-- purpose: Read which organisation stands below which on a local day, by the version of each that began last.
-- grain: one row per organisation that has one above it
-- param: day Date32 = local day; versions that begin later are not known yet
-- column: org_code String = organisation
-- column: parent_code String = the one above it; of an organisation that is no more, its successor (payload successor_code), else the last one above it
-- source: domain guide 8.2, organisations see themselves and their descendants; 1.1, what merged maps to its successor
SELECT org_code, if(ended != '', ended, last_parent) AS parent_code
FROM
(
    SELECT
        org_code,
        argMax(parent_code, (valid_from, revision, precedence)) AS last_parent,
        argMax(if(ifNull(valid_to <= {day:Date32}, false), JSONExtractString(payload, 'successor_code'), ''), (valid_from, revision, precedence)) AS ended
    FROM organisations
    WHERE valid_from <= {day:Date32}
    GROUP BY org_code
)
WHERE parent_code != '' AND parent_code != org_code

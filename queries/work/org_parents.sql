-- purpose: Read which organisation stands below which on a local day, by the version of each that began last.
-- grain: one row per organisation that has one above it
-- param: day Date32 = local day; versions that begin later are not known yet
-- column: org_code String = organisation
-- column: parent_code String = the one above it; of an organisation that is no more, the last one
-- source: domain guide 8.2, organisations see themselves and their descendants
SELECT org_code, argMax(parent_code, (valid_from, revision, precedence)) AS parent_code
FROM organisations
WHERE valid_from <= {day:Date32}
GROUP BY org_code
HAVING parent_code != '' AND parent_code != org_code

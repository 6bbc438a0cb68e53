-- purpose: Read which organisation stands below which, by the newest version of each.
-- grain: one row per organisation that has one above it
-- column: org_code String = organisation
-- column: parent_code String = the one above it
-- source: domain guide 8.2, organisations see themselves and their descendants
SELECT org_code, argMax(parent_code, (valid_from, revision, precedence)) AS parent_code
FROM organisations
GROUP BY org_code
HAVING parent_code != '' AND parent_code != org_code

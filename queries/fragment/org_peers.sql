-- The organisations with what decides who their peers are: level of government and
-- line, as last said by the directory; those without both have no peers.
SELECT org_code AS peer_org,
    argMax(gov_level, (valid_from, received_at, revision)) AS gov_level,
    argMax(org_line, (valid_from, received_at, revision)) AS org_line,
    argMax(region_code, (valid_from, received_at, revision)) AS org_region
FROM organisations
GROUP BY org_code
HAVING gov_level >= 0 AND org_line != ''

-- The declared outages that count (domain guide 6.1, Suppression), one row each;
-- a revoked one counts for nothing. stem is the code of a region without its
-- trailing zeros, for divisions that the table does not hold. orgs are the
-- organisation of the scope and all below it.
SELECT id, origin AS scope, from_at, until_at, level AS effect, code, stem, categories, rules, if(scope = 'org', o.orgs, []) AS orgs
FROM
(
    SELECT id, toString(origin) AS origin, toString(level) AS level,
        fromUnixTimestamp64Milli(JSONExtractInt(data, 'from_ms'), 'UTC') AS from_at, assumeNotNull(final_due_at) AS until_at,
        JSONExtractString(data, 'code') AS code,
        multiIf(length(code) = 6 AND endsWith(code, '0000'), substring(code, 1, 2), length(code) = 6 AND endsWith(code, '00'), substring(code, 1, 4), code) AS stem,
        JSONExtract(data, 'categories', 'Array(String)') AS categories, JSONExtract(data, 'rules', 'Array(String)') AS rules
    FROM work_items FINAL
    WHERE kind = 'outage' AND state != 'revoked'
) AS w
LEFT JOIN
(
    WITH RECURSIVE below AS
    (
        SELECT id, JSONExtractString(data, 'code') AS org, 0 AS depth FROM work_items FINAL WHERE kind = 'outage' AND origin = 'org'
        UNION ALL
        SELECT below.id, p.org_code, below.depth + 1
        FROM below
        INNER JOIN (SELECT org_code, argMax(parent_code, (valid_from, revision, precedence)) AS parent_code FROM organisations GROUP BY org_code) AS p ON p.parent_code = below.org
        WHERE below.depth < 31 AND p.org_code != p.parent_code
    )
    SELECT id, groupUniqArray(org) AS orgs FROM below GROUP BY id
) AS o ON o.id = w.id

-- purpose: Organisations with the most open cards as of an instant.
-- grain: one row per organisation
-- include: alerts_as_of
-- param: max_rows UInt32 = most rows
-- column: org_code String = organisation
-- column: red UInt64 = open red cards
-- column: yellow UInt64 = open yellow cards
-- column: warning UInt64 = open warnings and notices
-- column: points Float64 = points of its cards that stand
SELECT org_code,
    countIf(severity = 'red' AND NOT ended) AS red,
    countIf(severity = 'yellow' AND NOT ended) AS yellow,
    countIf(rank IN (1, 2) AND NOT ended) AS warning,
    sumIf(points, state NOT IN ('revoked', 'cancelled')) AS points
FROM ({{alerts_as_of}})
WHERE org_code != ''
GROUP BY org_code
HAVING red + yellow + warning > 0
ORDER BY red DESC, yellow DESC, warning DESC, org_code
LIMIT {max_rows:UInt32}

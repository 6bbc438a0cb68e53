-- purpose: Organisations with the most open cards as of an instant.
-- grain: one row per organisation
-- include: alerts_counted
-- param: max_rows UInt32 = most rows
-- column: org_code String = organisation
-- column: red UInt64 = open red cards
-- column: yellow UInt64 = open yellow cards
-- column: warning UInt64 = open warnings and notices
-- column: points Float64 = points of its cards that stand and were confirmed; of a chain of a subject the highest alone
-- source: domain guide 6.1, Issue mode and Points
SELECT org_code, sum(reds) AS red, sum(yellows) AS yellow, sum(warnings) AS warning, sum(deducted) AS points
FROM
(
    SELECT org_code,
        countIf(severity = 'red' AND NOT ended) AS reds,
        countIf(severity = 'yellow' AND NOT ended) AS yellows,
        countIf(rank IN (1, 2) AND NOT ended) AS warnings,
        maxIf(points, state NOT IN ('pending', 'review', 'revoked', 'cancelled')) AS deducted
    FROM ({{alerts_counted}})
    WHERE org_code != ''
    GROUP BY org_code, subject_kind, source_sys, subject_no, if(chain = '', alert_id, chain), clock_no
)
GROUP BY org_code
HAVING red + yellow + warning > 0
ORDER BY red DESC, yellow DESC, warning DESC, org_code
LIMIT {max_rows:UInt32}

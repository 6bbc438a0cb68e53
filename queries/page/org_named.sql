-- purpose: Find the organisations that are called so, by their newest names; nothing when the text is itself a code of one.
-- grain: one row per organisation, two at most
-- param: text String = name in Chinese or English, without regard to case
-- column: org_code String = code
-- source: domain guide 1.2
SELECT org_code
FROM
(
    SELECT org_code, argMax(name, (valid_from, revision, precedence)) AS name, argMax(name_en, (valid_from, revision, precedence)) AS name_en
    FROM organisations
    GROUP BY org_code
)
WHERE (name = {text:String} OR lowerUTF8(name_en) = lowerUTF8({text:String}))
    AND NOT EXISTS (SELECT 1 FROM organisations WHERE org_code = {text:String})
ORDER BY org_code
LIMIT 2

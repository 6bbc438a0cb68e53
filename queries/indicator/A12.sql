-- purpose: Organisations whose lists are public (清单公开率).
-- grain: one row per group
-- column: numerator UInt64 = organisations whose lists of powers, duties and services are all public
-- column: denominator UInt64 = organisations that say of their lists
-- source: domain guide 5.2, A12
-- dims: org
-- evidence: list_orgs
-- include: orgs_in_force, ratio
-- Organisations of which the directory says nothing are left out.
WITH figure_rows AS
(
SELECT *, JSONExtractBool(payload, 'lists_published', 'power') AND JSONExtractBool(payload, 'lists_published', 'duty') AND JSONExtractBool(payload, 'lists_published', 'service') AS in_numerator, true AS in_denominator
FROM ({{orgs_in_force}})
WHERE JSONType(payload, 'lists_published') = 'Object'
)
{{ratio}}

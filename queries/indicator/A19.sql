-- purpose: Departments whose list of services is done (公共服务事项梳理率).
-- grain: one row per group
-- column: numerator UInt64 = organisations that are done
-- column: denominator UInt64 = organisations that say whether they are done
-- source: domain guide 5.2, A19
-- dims: org
-- evidence: list_orgs
-- include: orgs_in_force, ratio
WITH figure_rows AS
(
SELECT *, JSONExtractBool(payload, 'service_list_done') AS in_numerator, true AS in_denominator
FROM ({{orgs_in_force}})
WHERE JSONType(payload, 'service_list_done') = 'Bool'
)
{{ratio}}

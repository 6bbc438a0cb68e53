-- purpose: Cases across divisions (跨区办理量).
-- grain: one row per group
-- column: numerator UInt64 = cases handled in another division than they were taken in, accepted in the period
-- source: domain guide 5.4, C18
-- dims: case
-- evidence: list_cases
-- include: moved_cases, count
-- Handling is where the last transfer left it; of an organisation that the directory lacks, division and level are not known.
WITH figure_rows AS
(
SELECT *
FROM ({{moved_cases}})
WHERE handled_region != '' AND handled_region != if(taken_region = '', toString(region_code), taken_region)
)
{{count}}

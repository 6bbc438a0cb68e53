-- purpose: Cases across levels (跨级办理量).
-- grain: one row per group
-- column: numerator UInt64 = cases whose taking and handling organisations are of different levels, accepted in the period
-- source: domain guide 5.4, C18
-- dims: case
-- evidence: list_cases
-- include: moved_cases, count
-- Handling is where the last transfer left it; of an organisation that the directory lacks, division and level are not known.
WITH figure_rows AS
(
SELECT *
FROM ({{moved_cases}})
WHERE taken_level >= 0 AND handled_level >= 0 AND taken_org != handled_org AND taken_level != handled_level
)
{{count}}

-- purpose: Overlap of joint cases (并联提速).
-- grain: one row per group
-- column: numerator Float64 = sum of the durations of the sub-cases (days)
-- column: denominator Float64 = sum of the durations of the projects (days)
-- source: domain guide 5.4, C17
-- dims: case
-- evidence: list_cases
-- include: rows_stages, sums
-- A sub-case from its acceptance to its stop, a project from its acceptance to the last of these.
WITH figure_rows AS
(
SELECT *, toFloat64(days_of_subs) AS part, dateDiff('second', assumeNotNull(accepted_at), assumeNotNull(stage_stop)) / 86400 AS whole
FROM ({{rows_stages}})
)
{{sums}}

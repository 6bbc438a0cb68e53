-- purpose: Projects run as joint cases (并联办理率).
-- grain: one row per group
-- column: numerator UInt64 = projects with two sub-cases or more
-- column: denominator UInt64 = projects of the period that could be joint
-- param: from DateTime64(3,'UTC') ? = first instant of the period; nothing = from the beginning
-- source: domain guide 5.4, C16
-- dims: case
-- evidence: list_cases
-- include: projects_as_of, instant_until, ratio
-- Projects count in figures of joint approval alone, everywhere else their sub-cases do.
WITH figure_rows AS
(
SELECT *, own_stop AS stop_at, CAST(NULL, 'Nullable(DateTime64(3, \'UTC\'))') AS due_at, is_joint AND subs >= 2 AS in_numerator, true AS in_denominator, assumeNotNull(began_at) AS bucket_at
FROM (SELECT *, coalesce(accepted_at, applied_at) AS began_at FROM ({{projects_as_of}}))
WHERE began_at >= {from:DateTime64(3,'UTC')} AND began_at < {{instant_until}}
)
{{ratio}}

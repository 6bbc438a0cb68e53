-- Joint projects whose stage ended in the period, all sub-cases included.
-- param: from DateTime64(3,'UTC') ? = first instant of the period; nothing = from the beginning
-- include: projects_as_of, instant_until
SELECT *, stage_stop AS stop_at, CAST(NULL, 'Nullable(DateTime64(3, \'UTC\'))') AS due_at, true AS in_numerator, true AS in_denominator, assumeNotNull(stage_stop) AS bucket_at
FROM ({{projects_as_of}})
WHERE is_joint AND isNotNull(accepted_at) AND state NOT IN ('withdrawn', 'terminated', 'not_accepted') AND stage_stop >= {from:DateTime64(3,'UTC')} AND stage_stop < {{instant_until}}

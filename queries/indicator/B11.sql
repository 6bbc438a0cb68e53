-- purpose: Cases with complete data (数据完整率).
-- grain: one row per group
-- column: numerator UInt64 = cases with beginning, acceptance, result, organisation, division and item
-- column: denominator UInt64 = cases finished in the period
-- param: from DateTime64(3,'UTC') ? = first instant of the period; nothing = from the beginning
-- source: domain guide 5.3, B11
-- dims: case
-- evidence: list_cases
-- include: cases_as_of, instant_until, ratio
-- A case without its beginning is in no other figure; here it counts in the denominator.
WITH figure_rows AS
(
SELECT *, promise_due AS due_at, excluded != 'incomplete' AND isNotNull(accepted_at) AND org_code != '' AND region_code != '' AND task_code != '' AND result_then != '' AS in_numerator, true AS in_denominator, assumeNotNull(completed_at) AS bucket_at
FROM ({{cases_as_of}})
WHERE is_finished AND completed_at >= {from:DateTime64(3,'UTC')} AND completed_at < {{instant_until}}
)
{{ratio}}

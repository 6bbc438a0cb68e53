-- purpose: Bad ratings put right (差评整改率).
-- grain: one row per group
-- column: numerator UInt64 = those rectified or explained
-- column: denominator UInt64 = valid bad ratings whose rectification was due in the period
-- param: from DateTime64(3,'UTC') ? = first instant of the period; nothing = from the beginning
-- source: domain guide 5.6, E06
-- dims: work
-- evidence: list_work
-- include: work_rounds, instant_until, ratio
-- Excluded ratings are out; the due of the first round counts.
WITH figure_rows AS
(
SELECT *, isNotNull(done_at) AS in_numerator, true AS in_denominator, assumeNotNull(due_at) AS bucket_at
FROM ({{work_rounds}})
WHERE kind = 'rating' AND segment = 0 AND isNull(taken_back_at) AND due_at >= {from:DateTime64(3,'UTC')} AND due_at < {{instant_until}}
)
{{ratio}}

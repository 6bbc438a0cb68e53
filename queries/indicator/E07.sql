-- purpose: Bad ratings put right in time (差评按时整改率).
-- grain: one row per group
-- column: numerator UInt64 = rectified in time
-- column: denominator UInt64 = rectified in the period, and open past the due at its end
-- source: domain guide 5.6, E07
-- dims: work
-- evidence: list_work
-- include: work_due, ratio
-- Each round of rectification counts.
WITH figure_rows AS
(
SELECT *
FROM ({{work_due}})
WHERE kind = 'rating'
)
{{ratio}}

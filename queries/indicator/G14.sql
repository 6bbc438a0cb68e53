-- purpose: Exposed issues answered in time (曝光反馈率).
-- grain: one row per group
-- column: numerator UInt64 = exposed issues answered within five working days
-- column: denominator UInt64 = exposed issues answered in the period, and open past the due at its end
-- source: domain guide 5.8, G14
-- dims: work
-- evidence: list_work
-- include: work_due, ratio
WITH figure_rows AS
(
SELECT *
FROM ({{work_due}})
WHERE kind = 'exposure'
)
{{ratio}}

-- purpose: Hotline orders on time (督办按时率).
-- grain: one row per group
-- column: numerator UInt64 = hotline orders answered in time
-- column: denominator UInt64 = hotline orders answered in the period, and open past the due at its end
-- source: domain guide 5.7, F16
-- dims: work
-- evidence: list_work
-- include: work_due, ratio
WITH figure_rows AS
(
SELECT *
FROM ({{work_due}})
WHERE kind = 'order' AND origin = 'hotline' AND arrayExists(e -> e.3 = 'issued', known)
)
{{ratio}}

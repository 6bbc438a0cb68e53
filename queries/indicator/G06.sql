-- purpose: Orders on time (督办单按时率).
-- grain: one row per group
-- column: numerator UInt64 = orders answered in time
-- column: denominator UInt64 = orders answered in the period, and open past the due at its end
-- source: domain guide 5.8, G06
-- dims: work
-- evidence: list_work
-- include: work_due, ratio
-- An answer that was sent back is none; each reopening counts.
WITH figure_rows AS
(
SELECT *
FROM ({{work_due}})
WHERE kind = 'order' AND arrayExists(e -> e.3 = 'issued', known)
)
{{ratio}}

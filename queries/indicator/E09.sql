-- purpose: Satisfied with the rectification (整改满意率).
-- grain: one row per group
-- column: numerator UInt64 = those re-scored 3 or better
-- column: denominator UInt64 = rectifications that were re-scored in the period
-- param: from DateTime64(3,'UTC') ? = first instant of the period; nothing = from the beginning
-- source: domain guide 5.6, E09
-- dims: work
-- evidence: list_work
-- include: work_rounds, instant_until, ratio
-- The last re-score counts.
WITH figure_rows AS
(
SELECT *, JSONExtractInt(scored.4, 'score') >= 3 AS in_numerator, true AS in_denominator, scored.1 AS bucket_at
FROM (SELECT *, arrayLast(e -> JSONHas(e.4, 'score'), known) AS scored FROM ({{work_rounds}}) WHERE kind = 'rating' AND segment = 0 AND arrayExists(e -> JSONHas(e.4, 'score'), known))
WHERE scored.1 >= {from:DateTime64(3,'UTC')} AND scored.1 < {{instant_until}}
)
{{ratio}}

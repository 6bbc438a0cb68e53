-- purpose: Claims against bad ratings upheld (差评申诉成立率).
-- grain: one row per group
-- column: numerator UInt64 = bad ratings that were excluded
-- column: denominator UInt64 = bad ratings that were claimed to be mistaken in the period
-- param: from DateTime64(3,'UTC') ? = first instant of the period; nothing = from the beginning
-- source: domain guide 5.6, E11
-- dims: work
-- evidence: list_work
-- include: work_rounds, instant_until, ratio
-- An exclusion that was taken back does not count.
WITH figure_rows AS
(
SELECT *, state = 'excluded' AS in_numerator, true AS in_denominator, claimed.1 AS bucket_at
FROM (SELECT *, arrayFirst(e -> e.2 = 'claim_invalid', known) AS claimed FROM ({{work_rounds}}) WHERE kind = 'rating' AND segment = 0 AND arrayExists(e -> e.2 = 'claim_invalid', known))
WHERE claimed.1 >= {from:DateTime64(3,'UTC')} AND claimed.1 < {{instant_until}}
)
{{ratio}}

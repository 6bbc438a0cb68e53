-- purpose: Real-name bad ratings visited (实名差评回访率).
-- grain: one row per group
-- column: numerator UInt64 = those visited and verified
-- column: denominator UInt64 = real-name bad ratings of the period
-- param: from DateTime64(3,'UTC') ? = first instant of the period; nothing = from the beginning
-- source: domain guide 5.6, E08
-- dims: work
-- evidence: list_work
-- include: work_rounds, instant_until, ratio
-- A claim that a rating is mistaken follows a visit and counts as one.
WITH figure_rows AS
(
SELECT *, arrayExists(e -> e.2 IN ('verify', 'claim_invalid'), known) AS in_numerator, true AS in_denominator, opened_at AS bucket_at
FROM ({{work_rounds}})
WHERE kind = 'rating' AND segment = 0 AND JSONExtractBool(data, 'real_name') AND opened_at >= {from:DateTime64(3,'UTC')} AND opened_at < {{instant_until}}
)
{{ratio}}

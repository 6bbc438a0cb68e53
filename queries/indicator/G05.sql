-- purpose: Cards appealed (申诉率).
-- grain: one row per group
-- column: numerator UInt64 = cards that were appealed
-- column: denominator UInt64 = yellow and red cards of the period
-- source: domain guide 5.8, G05
-- dims: alert
-- evidence: list_alerts
-- include: cards, ratio
WITH figure_rows AS
(
SELECT *, was_appealed AS in_numerator, true AS in_denominator
FROM ({{cards}})
)
{{ratio}}

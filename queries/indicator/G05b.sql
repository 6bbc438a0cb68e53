-- purpose: Cards revoked (撤牌率).
-- grain: one row per group
-- column: numerator UInt64 = cards that were revoked
-- column: denominator UInt64 = yellow and red cards of the period
-- source: domain guide 5.8, G05
-- dims: alert
-- evidence: list_alerts
-- include: cards, ratio
-- What the system cancelled was not revoked.
WITH figure_rows AS
(
SELECT *, state = 'revoked' AS in_numerator, true AS in_denominator
FROM ({{cards}})
)
{{ratio}}

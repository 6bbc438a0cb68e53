-- purpose: Answers to cards in time (反馈及时率).
-- grain: one row per group
-- column: numerator UInt64 = cards answered within five working days
-- column: denominator UInt64 = cards of the period that were answered or are past
-- source: domain guide 5.8, G04
-- dims: alert
-- evidence: list_alerts
-- include: cards, ratio
-- Cards still within their time are out; one that was sent back has a new limit.
WITH figure_rows AS
(
SELECT *, fed_back_at > toDateTime64(0, 3, 'UTC') AND ifNull(fed_back_at <= feedback_due, false) AS in_numerator, true AS in_denominator
FROM ({{cards}})
WHERE state NOT IN ('revoked', 'cancelled') AND (fed_back_at > toDateTime64(0, 3, 'UTC') OR ifNull(feedback_due < {as_of:DateTime64(3,'UTC')}, false))
)
{{ratio}}

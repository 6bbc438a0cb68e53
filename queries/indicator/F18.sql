-- purpose: Hot topics (热点).
-- grain: one row per group and topic
-- column: numerator UInt64 = tickets of the topic
-- column: denominator UInt64 = tickets received in the period with a topic
-- source: domain guide 5.7, F18
-- dims: ticket
-- evidence: list_topics
-- include: rows_tickets, topics
-- Growth is two questions compared: this period and the one before.
WITH figure_rows AS
(
SELECT *, toString(ticket_topic) AS topic
FROM ({{rows_tickets}})
WHERE ticket_topic != ''
)
{{topics}}

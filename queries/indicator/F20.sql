-- purpose: Composite score of the hotline (综合成绩).
-- grain: one row per group
-- column: numerator Float64 = 0.2 × F08 + 0.4 × F09 + 0.3 × F10 + 0.1 × F06, in points of 100
-- column: denominator UInt64 = 1 when all four are known, else 0
-- source: domain guide 5.7, F20
-- dims: ticket
-- evidence: list_tickets
-- include: rows_visits, rows_replied_or_overdue, composite
-- Without one of the four there is no score; scores do not add up: each group is computed from its own parts.
WITH figure_rows AS
(
SELECT 'F08' AS component, 0.2 AS weight, source_sys, ticket_no, region_code, org_code, kind, channel, called_number, ticket_topic, attributes, state, excluded, received_at, dispatched_at, stop_at, closed_at, net_days, margin_days, bucket_at, due_at, is_contacted AS in_numerator, true AS in_denominator FROM ({{rows_visits}}) WHERE says_contacted
UNION ALL
SELECT 'F09', 0.4, source_sys, ticket_no, region_code, org_code, kind, channel, called_number, ticket_topic, attributes, state, excluded, received_at, dispatched_at, stop_at, closed_at, net_days, margin_days, bucket_at, due_at, is_solved, true FROM ({{rows_visits}}) WHERE says_solved AND kind != 'consult'
UNION ALL
SELECT 'F10', 0.3, source_sys, ticket_no, region_code, org_code, kind, channel, called_number, ticket_topic, attributes, state, excluded, received_at, dispatched_at, stop_at, closed_at, net_days, margin_days, bucket_at, due_at, is_satisfied, true FROM ({{rows_visits}}) WHERE says_satisfied
UNION ALL
SELECT 'F06', 0.1, source_sys, ticket_no, region_code, org_code, kind, channel, called_number, ticket_topic, attributes, state, excluded, received_at, dispatched_at, stop_at, closed_at, net_days, margin_days, bucket_at, due_at, in_numerator, true FROM ({{rows_replied_or_overdue}})
)
{{composite}}

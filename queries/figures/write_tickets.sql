-- purpose: Write what the ledger of movements lacks of some tickets, and take back what it has too much.
-- grain: one row of movement_feed per ticket that differs
-- The settings shorten the planning of a statement of so many levels, which took most of the time of a small pass.
-- include: figure_tickets, ticket_movements, movements_lacking
INSERT INTO movement_feed (subject_kind, source_sys, subject, round, known_at, dims, m, was_dims, plus, minus, base_dims, base_m)
WITH
    'ticket' AS of_kind,
    {{figure_tickets}},
    (SELECT max(round) FROM movement_passes) AS passed,
    wanted AS ({{ticket_movements}})
{{movements_lacking}}
SETTINGS optimize_and_compare_chain = 0, optimize_extract_common_expressions = 0, query_plan_merge_expressions = 0

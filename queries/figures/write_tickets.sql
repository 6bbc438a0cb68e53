-- purpose: Write what the ledger of movements lacks of some tickets, and take back what it has too much.
-- grain: one row of movement_feed per ticket that differs
-- include: figure_tickets, ticket_movements, movements_lacking
INSERT INTO movement_feed (subject_kind, source_sys, subject, round, known_at, dims, m, was_dims, plus, minus)
WITH
    'ticket' AS of_kind,
    {{figure_tickets}},
    wanted AS ({{ticket_movements}})
{{movements_lacking}}

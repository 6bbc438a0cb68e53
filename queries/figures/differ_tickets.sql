-- purpose: Hold the ledger of movements against the states, of a sample of the tickets.
-- grain: one row per movement that only one of them has; none when they agree
-- include: ticket_movements, movements_differing
WITH
    'ticket' AS of_kind,
    figure_subjects AS
    (
        SELECT source_sys, ticket_no AS subject FROM tickets WHERE cityHash64(ticket_no) % {every:UInt64} = 0
        UNION DISTINCT
        SELECT source_sys, subject FROM movement_sets WHERE subject_kind = of_kind AND cityHash64(subject) % {every:UInt64} = 0
    ),
    wanted AS ({{ticket_movements}})
{{movements_differing}}

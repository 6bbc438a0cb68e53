-- purpose: Write what the ledger of movements lacks of some tickets.
-- grain: one row of movement_feed per ticket that differs
-- include: figure_tickets, ticket_movements, movement_difference
-- param: round UInt64 = version under which it is written
-- param: known_at DateTime64(3,'UTC') = when it is recorded
INSERT INTO movement_feed (subject_kind, source_sys, subject, round, known_at, dims, m, was_dims, plus, minus)
WITH
    'ticket' AS this_kind,
    {{figure_tickets}},
    wanted_movements AS
    (
    {{ticket_movements}}
    )
SELECT this_kind, source_sys, subject, {round:UInt64}, {known_at:DateTime64(3,'UTC')}, dims, m, was_dims, plus, minus
FROM ({{movement_difference}})

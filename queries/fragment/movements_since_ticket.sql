-- movements_since, of the tickets.
-- include: figure_tickets, ticket_movements, movements_since
WITH
    'ticket' AS of_kind,
    {{figure_tickets}},
    wanted AS ({{ticket_movements}})
{{movements_since}}

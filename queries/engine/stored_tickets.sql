-- purpose: Tell which of some tickets have a state.
-- grain: one row per ticket
-- param: sources Array(String) = source system of each
-- param: subjects Array(String) = number of each
-- column: source_sys String = source system
-- column: subject String = number of a ticket that has a state
SELECT source_sys, ticket_no AS subject
FROM tickets FINAL
WHERE (source_sys, ticket_no) IN (SELECT s, n FROM (SELECT {sources:Array(String)} AS ss, {subjects:Array(String)} AS ns) ARRAY JOIN ss AS s, ns AS n)

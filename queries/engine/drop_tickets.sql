-- purpose: Take away the states of tickets of which no fact is in force any more.
-- grain: one row goes per ticket named
-- param: sources Array(String) = source system of each
-- param: subjects Array(String) = number of each
DELETE FROM tickets
WHERE (source_sys, ticket_no) IN (SELECT s, n FROM (SELECT {sources:Array(String)} AS ss, {subjects:Array(String)} AS ns) ARRAY JOIN ss AS s, ns AS n)

-- What callers said on return visits in the period: one row per visit that somebody answered.
-- include: ticket_facts
SELECT *,
    JSONType(fact_payload, 'contacted') = 'Bool' AS says_contacted, JSONExtractBool(fact_payload, 'contacted') AS is_contacted,
    JSONType(fact_payload, 'solved') = 'Bool' AS says_solved, JSONExtractBool(fact_payload, 'solved') AS is_solved,
    JSONType(fact_payload, 'satisfied') IN ('Int64', 'UInt64') AS says_satisfied, JSONExtractInt(fact_payload, 'satisfied') >= 3 AS is_satisfied
FROM ({{ticket_facts}})
WHERE fact = 't_visit'

-- The clocks whose due differs between the states of another database and those
-- here, one row per clock; null: there is no such clock, or it has no due.
-- param: main Identifier = database with the states as they stand
SELECT subject_kind, source_sys, subject_no, org_code, region_code, key.1 AS clock, key.2 AS clock_no,
    arrayFirstOrNull(k -> k.1 = clock AND k.2 = clock_no, was).3 AS due_was, arrayFirstOrNull(k -> k.1 = clock AND k.2 = clock_no, is).3 AS due_is
FROM
(
    SELECT 'case' AS subject_kind, a.source_sys AS source_sys, a.case_no AS subject_no, b.org_code AS org_code, b.region_code AS region_code,
        arrayMap((c, n, d) -> (toString(c), n, d), a.k_clock, a.k_no, a.k_due_at) AS was, arrayMap((c, n, d) -> (toString(c), n, d), b.k_clock, b.k_no, b.k_due_at) AS is
    FROM (SELECT source_sys, case_no, k_clock, k_no, k_due_at FROM {main:Identifier}.cases FINAL) AS a
    INNER JOIN (SELECT source_sys, case_no, org_code, region_code, k_clock, k_no, k_due_at FROM cases FINAL) AS b ON a.source_sys = b.source_sys AND a.case_no = b.case_no
    WHERE was != is
    UNION ALL
    SELECT 'ticket', a.source_sys, a.ticket_no, b.org_code, b.region_code,
        arrayMap((c, n, d) -> (toString(c), n, d), a.k_clock, a.k_no, a.k_due_at) AS was, arrayMap((c, n, d) -> (toString(c), n, d), b.k_clock, b.k_no, b.k_due_at) AS is
    FROM (SELECT source_sys, ticket_no, k_clock, k_no, k_due_at FROM {main:Identifier}.tickets FINAL) AS a
    INNER JOIN (SELECT source_sys, ticket_no, org_code, region_code, k_clock, k_no, k_due_at FROM tickets FINAL) AS b ON a.source_sys = b.source_sys AND a.ticket_no = b.ticket_no
    WHERE was != is
)
ARRAY JOIN arrayDistinct(arrayMap(k -> (k.1, k.2), arrayConcat(was, is))) AS key
WHERE ifNull(due_was, toDateTime64('1970-01-01 00:00:00', 3, 'UTC')) != ifNull(due_is, toDateTime64('1970-01-01 00:00:00', 3, 'UTC'))

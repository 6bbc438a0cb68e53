-- The dues that differ between the states of another database and those here: of a
-- clock one row (what = due; null: there is no such clock, or it has no due), and one per
-- subject and limit whose due of an earlier time differs although no clock of it does
-- (what = due_before), which figures of that time count by.
-- param: main Identifier = database with the states as they stand
SELECT 'due' AS what, subject_kind, source_sys, subject_no, org_code, region_code, key.1 AS clock, key.2 AS clock_no,
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
UNION ALL
SELECT 'due_before', subject_kind, source_sys, subject_no, org_code, region_code, side.1, 0,
    arrayLastOrNull((w, i) -> ifNull(w != i, isNull(w) != isNull(i)), side.2, side.3), arrayLastOrNull((i, w) -> ifNull(w != i, isNull(w) != isNull(i)), side.3, side.2)
FROM
(
    SELECT 'case' AS subject_kind, a.source_sys AS source_sys, a.case_no AS subject_no, b.org_code AS org_code, b.region_code AS region_code,
        [('K3', a.h_promise_due, b.h_promise_due), ('K4', a.h_legal_due, b.h_legal_due)] AS sides
    FROM (SELECT source_sys, case_no, k_due_at, h_promise_due, h_legal_due FROM {main:Identifier}.cases FINAL) AS a
    INNER JOIN (SELECT source_sys, case_no, org_code, region_code, k_due_at, h_promise_due, h_legal_due FROM cases FINAL) AS b ON a.source_sys = b.source_sys AND a.case_no = b.case_no
    WHERE a.k_due_at = b.k_due_at AND (a.h_promise_due != b.h_promise_due OR a.h_legal_due != b.h_legal_due)
    UNION ALL
    SELECT 'ticket', a.source_sys, a.ticket_no, b.org_code, b.region_code, [('T5', a.h_due_at, b.h_due_at)]
    FROM (SELECT source_sys, ticket_no, k_due_at, h_due_at FROM {main:Identifier}.tickets FINAL) AS a
    INNER JOIN (SELECT source_sys, ticket_no, org_code, region_code, k_due_at, h_due_at FROM tickets FINAL) AS b ON a.source_sys = b.source_sys AND a.ticket_no = b.ticket_no
    WHERE a.k_due_at = b.k_due_at AND a.h_due_at != b.h_due_at
)
ARRAY JOIN sides AS side
WHERE side.2 != side.3

-- purpose: Subjects with a fact that came again under its identity with other content; secret ones are left out.
-- grain: one row per case or ticket
-- param: max_rows UInt32 = at most so many
-- column: kind String = case or ticket
-- column: total UInt64 = all such subjects
-- source: domain guide 2.6
SELECT kind, source_sys, subject_no, org_code, last_at, count() OVER () AS total
FROM
(
    SELECT 'case' AS kind, source_sys, case_no AS subject_no, org_code, last_at FROM cases FINAL WHERE conflict AND NOT secret AND NOT hidden
    UNION ALL
    SELECT 'ticket' AS kind, source_sys, ticket_no AS subject_no, org_code, last_at FROM tickets FINAL WHERE conflict AND NOT secret AND NOT hidden
)
ORDER BY last_at DESC, source_sys, subject_no
LIMIT {max_rows:UInt32}

-- purpose: Ask how late the newest fact of subjects was pushed.
-- grain: one row per subject
-- param: kinds Array(String) = case or ticket
-- param: sources Array(String) = source system of each
-- param: numbers Array(String) = number of each
-- column: subject_kind String = case or ticket
-- column: lag_ms Int64 = from the legal moment of the fact that arrived last to its sending; 0 when its source does not say
WITH asked AS
(
    SELECT a.1 AS kind, a.2 AS source, a.3 AS number
    FROM (SELECT arrayJoin(arrayZip({kinds:Array(String)}, {sources:Array(String)}, {numbers:Array(String)})) AS a)
)
SELECT subject_kind, source_sys, subject_no, toInt64(dateDiff('millisecond', f_at[i], ifNull(f_pushed_at[i], f_at[i]))) AS lag_ms
FROM
(
    SELECT 'case' AS subject_kind, source_sys, case_no AS subject_no, f_at, f_pushed_at, indexOf(f_received_at, arrayMax(f_received_at)) AS i
    FROM cases FINAL
    PREWHERE (source_sys, case_no) IN (SELECT source, number FROM asked WHERE kind = 'case')
    WHERE notEmpty(f_at)
    UNION ALL
    SELECT 'ticket' AS subject_kind, source_sys, ticket_no AS subject_no, f_at, f_pushed_at, indexOf(f_received_at, arrayMax(f_received_at)) AS i
    FROM tickets FINAL
    PREWHERE (source_sys, ticket_no) IN (SELECT source, number FROM asked WHERE kind = 'ticket')
    WHERE notEmpty(f_at)
)

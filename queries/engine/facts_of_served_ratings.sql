-- purpose: Read all ratings of the cases and tickets folded in a round, of those with a rating that does not say when the service was.
-- grain: one row per stored fact; a redelivery that is not merged yet is one more
-- include: facts_columns_ratings, facts_known, rated_services
-- param: fold_version UInt64 = version of the round
WITH rated_without AS
(
    SELECT subject_kind, subject_sys, subject_no FROM ratings
    PREWHERE (subject_kind, subject_sys, subject_no) IN
    (
        SELECT 'case', source_sys, case_no FROM cases WHERE fold_version = {fold_version:UInt64}
        UNION ALL
        SELECT 'ticket', source_sys, ticket_no FROM tickets WHERE fold_version = {fold_version:UInt64}
    )
    WHERE served_at = toDateTime64(0, 3, 'UTC')
),
rated AS (SELECT * FROM ratings PREWHERE (subject_kind, subject_sys, subject_no) IN (SELECT subject_kind, subject_sys, subject_no FROM rated_without) WHERE {{facts_known}})
SELECT {{facts_columns_ratings}}
FROM rated
ANY LEFT JOIN ({{rated_services}}) AS s ON s.service_kind = rated.subject_kind AND s.service_sys = rated.subject_sys AND s.service_subject = rated.subject_no
ORDER BY subject_kind, subject_sys, subject_no, source_sys, rating_id, revision, content

-- purpose: Read all ratings of the subjects that a range of deliveries or its conflicts touch.
-- grain: one row per stored fact; a redelivery that is not merged yet is one more
-- include: facts_columns_ratings, facts_known, facts_range, rated_services
-- param: fold_version UInt64 = version of the round
WITH rated AS
(
    SELECT * FROM ratings
    PREWHERE (subject_kind, subject_no) IN
    (
        SELECT subject_kind, subject FROM deliveries WHERE {{facts_range}} AND outcome = 'fact'
        UNION ALL
        SELECT subject_kind, subject FROM fact_conflicts FINAL WHERE topic = {topic:String} AND fold_version = {fold_version:UInt64}
    )
    WHERE {{facts_known}}
),
rated_without AS (SELECT subject_kind, subject_sys, subject_no FROM rated WHERE served_at = toDateTime64(0, 3, 'UTC'))
SELECT {{facts_columns_ratings}}
FROM rated
ANY LEFT JOIN ({{rated_services}}) AS s ON s.service_kind = rated.subject_kind AND s.service_sys = rated.subject_sys AND s.service_subject = rated.subject_no
ORDER BY subject_kind, subject_sys, subject_no, source_sys, rating_id, revision, content

-- purpose: Read all ratings.
-- grain: one row per stored fact; a redelivery that is not merged yet is one more
-- include: facts_columns_ratings, facts_known, rated_services
WITH rated_without AS (SELECT subject_kind, subject_sys, subject_no FROM ratings WHERE served_at = toDateTime64(0, 3, 'UTC'))
SELECT {{facts_columns_ratings}}
FROM (SELECT * FROM ratings WHERE {{facts_known}}) AS rated
ANY LEFT JOIN ({{rated_services}}) AS s ON s.service_kind = rated.subject_kind AND s.service_sys = rated.subject_sys AND s.service_subject = rated.subject_no
ORDER BY subject_kind, subject_sys, subject_no, source_sys, rating_id, revision, content

-- purpose: Read all ratings.
-- grain: one row per stored fact; a redelivery that is not merged yet is one more
-- include: facts_columns_ratings
SELECT {{facts_columns_ratings}}
FROM ratings
ORDER BY subject_kind, subject_sys, subject_no, source_sys, rating_id, revision, content

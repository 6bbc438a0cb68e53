-- What the rows of the subject add up to from now on, and did when the last pass was noted.
ALTER TABLE movement_feed_sets MODIFY QUERY
SELECT subject_kind, source_sys, subject, round, dims, m, base_dims, base_m
FROM movement_feed

-- What the rows of the subject add up to from now on.
CREATE MATERIALIZED VIEW IF NOT EXISTS movement_feed_sets TO movement_sets AS
SELECT subject_kind, source_sys, subject, round, dims, m
FROM movement_feed

-- The ids of bad-rating orders whose rating counts no more: it was taken out, replaced by a later one of the same
-- rater, or changed by a revision. Whether their order was opened at all hangs on which fact came first, so rules say
-- nothing about it.
SELECT lower(hex(sipHash128('rating', toString(source_sys), rating_id))) AS gone_id
FROM rating_states FINAL
ARRAY JOIN r_source_sys AS source_sys, r_rating_id AS rating_id, r_level AS level, r_until AS counts_until, r_status AS status
WHERE concat(subject_kind, '/', subject_sys, '/', subject_no) IN (SELECT arrayJoin(subjects) FROM work_items WHERE kind = 'rating')
GROUP BY gone_id
HAVING NOT max(status = 'valid' AND level <= 2 AND counts_until >= toDateTime64('2299-12-31 00:00:00', 3, 'UTC'))

-- What the raters of bad-rating orders complain of (bad_tag, domain guide 4; empty = not said), by the id of the
-- order: that of the revision in force, whichever of the revisions came first.
SELECT lower(hex(sipHash128('rating', toString(source_sys), rating_id))) AS tagged_id, argMax(JSONExtractString(payload, 'bad_tag'), (revision, precedence)) AS tag
FROM ratings
PREWHERE concat(subject_kind, '/', subject_sys, '/', subject_no) IN (SELECT arrayJoin(subjects) FROM work_items WHERE kind = 'rating')
GROUP BY tagged_id

-- purpose: Tell of which bad-rating orders the source of the rating said something else later.
-- grain: one row per order
-- param: orders Array(String) = ids of orders
-- column: id String = the order
-- column: revisions Array(String) = its rating in its later revisions, as rating_id/revision
-- source: domain guide 2.6, 4: a revision of the source is no decision of a supervisor
WITH asked AS (SELECT arrayJoin(subjects) AS subject, position(subject, '/') AS a, position(subject, '/', a + 1) AS b FROM work_items FINAL WHERE kind = 'rating' AND has({orders:Array(String)}, id))
SELECT lower(hex(sipHash128('rating', toString(source_sys), rating_id))) AS id, arraySort(groupUniqArray(concat(rating_id, '/', toString(revision)))) AS revisions
FROM ratings
PREWHERE (subject_kind, subject_sys, subject_no) IN (SELECT substring(subject, 1, a - 1), substring(subject, a + 1, b - a - 1), substring(subject, b + 1) FROM asked)
WHERE revision > 0 AND has({orders:Array(String)}, id)
GROUP BY id

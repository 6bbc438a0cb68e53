-- purpose: Tell which bad-rating orders have a rating that counts no more, or of which its source said something else later.
-- grain: one row per order
-- include: ratings_gone
-- param: orders Array(String) = ids of orders
-- column: id String = the order
-- column: facts Array(String) = up to five ratings of its subject, as rating and rating_id/revision, what came last first
-- source: domain guide 2.6, 4: what a source, or a later rating, says is no decision of a supervisor
WITH asked AS (SELECT id AS order_id, arrayJoin(subjects) AS subject FROM work_items FINAL WHERE kind = 'rating' AND has({orders:Array(String)}, id))
SELECT order_id AS id, arraySlice(arrayMap(x -> x.2, arrayReverseSort(groupUniqArray((received_at, concat('rating ', rating_id, '/', toString(revision)))))), 1, 5) AS facts
FROM
(
    SELECT toString(subject_kind) AS subject_kind, toString(subject_sys) AS subject_sys, subject_no, rating_id, revision, received_at, lower(hex(sipHash128('rating', toString(source_sys), rating_id))) AS rated
    FROM ratings
    -- the whole, as a name may hold what joins it
    PREWHERE concat(toString(subject_kind), '/', toString(subject_sys), '/', subject_no) IN (SELECT subject FROM asked)
) AS r
INNER JOIN asked ON concat(r.subject_kind, '/', r.subject_sys, '/', r.subject_no) = asked.subject
GROUP BY order_id
HAVING order_id IN ({{ratings_gone}}) OR countIf(revision > 0 AND rated = order_id) > 0

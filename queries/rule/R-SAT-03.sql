-- purpose: Fix rejected: the rectification of a bad rating was rejected, so that a second round begins.
-- grain: one row per bad-rating order with a second round
-- include: workdays, steps, work_terms, work_pieces, ratings_gone
-- param: until DateTime64(3,'UTC') = end of the hour
-- source: domain guide 6.2, R-SAT-03; 4 "round >= 2"
-- Decisions: rounds count from 1, so the first rejection makes the second round and
-- raises the card, once; further rounds are in the evidence.
-- An order whose rating counts no more (taken out, replaced, revised) says that nothing
-- holds, which takes back what was said before.
WITH
{{workdays}},
{{steps}},
{{work_terms}},
arrayFirst(p -> p.3 = 'rejected', pieces).1 AS rejected
SELECT
    '' AS source_sys, id AS subject_no, '' AS clock_no, org_code, region_code, '' AS task_code, '' AS window_id, '' AS staff_id,
    [(rejected, if(id IN ({{ratings_gone}}), '', 'yellow'))] AS steps, NULL AS due_at,
    map('rounds', toString(segments[-1] + 1)) AS evidence
FROM ({{work_pieces}})
WHERE kind = 'rating' AND rejected > epoch AND rejected <= {until:DateTime64(3,'UTC')}

-- purpose: Extra conditions, by rating: a bad rating that says that conditions outside the guide were added, and was verified.
-- grain: one row per bad-rating order with the tag that was verified
-- include: workdays, steps, work_terms, work_pieces, ratings_gone, rating_tags, said_of_orders
-- param: until DateTime64(3,'UTC') = end of the hour
-- source: domain guide 6.2, R-NRM-03 (its part about ratings); 4, bad_tag
-- Decisions: the step is at the instant from which the order is valid: verified, or
-- upheld against a claim, or reopened after an exclusion; a tag that is not verified is
-- an accusation and says nothing. An order whose rating counts no more (taken out,
-- replaced, revised) says that nothing holds, which takes back what was said before;
-- so does one whose tag a revision of the rating changed.
WITH
{{workdays}},
{{steps}},
{{work_terms}},
arrayFirst(p -> p.3 = 'valid', pieces).1 AS verified
SELECT
    '' AS source_sys, id AS subject_no, '' AS clock_no, org_code, region_code,
    JSONExtractString(events[1].4, 'task_code') AS task_code, JSONExtractString(events[1].4, 'window_id') AS window_id, '' AS staff_id,
    [(verified, if(tag != 'extra_conditions' OR id IN ({{ratings_gone}}), '', 'red'))] AS steps, NULL AS due_at,
    map('tag', 'extra_conditions', 'rated_at', toString(events[1].1)) AS evidence
FROM ({{work_pieces}}) AS p
LEFT JOIN ({{rating_tags}}) AS t ON t.tagged_id = p.id
WHERE kind = 'rating' AND (tag = 'extra_conditions' OR ('R-NRM-03-R', id, '') IN ({{said_of_orders}})) AND verified > epoch AND verified <= {until:DateTime64(3,'UTC')}

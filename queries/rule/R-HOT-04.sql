-- purpose: False closure: the caller says on the visit that nobody got in touch, though the reply claims that somebody did.
-- grain: one row per reply that a visit contradicts
-- include: said, ticket_subjects
-- source: domain guide 6.2, R-HOT-04; 3 "Visit answers"
-- Decisions: a reply is judged by the visits up to the next reply; the first that
-- says contacted: false counts, a later one does not wash it off (the claim was
-- made; an appeal is the way). A visit that reached nobody has no contacted key
-- and says nothing, and so does a reply that claims no contact. Whose ticket it
-- was when it replied answers. Excluded tickets count.
WITH
{{said}},
arrayFilter(i -> f_type[i] = 't_reply', arrayEnumerate(f_type)) AS replies,
arrayMap(r -> (
        r,
        arrayFirstIndex((t, p, j) -> j > r AND t = 't_visit' AND says_no(p, 'contacted')
            AND j < if(arrayExists(x -> x > r, replies), arrayFirst(x -> x > r, replies), length(f_type) + 1), f_type, f_payload, arrayEnumerate(f_type))),
    arrayFilter(r -> JSONExtractBool(f_payload[r], 'claims_contact'), replies)) AS claims
SELECT
    source_sys, ticket_no AS subject_no, concat('reply/', toString(indexOf(replies, c.1))) AS clock_no,
    if(f_org[c.1] != '', f_org[c.1], h_org[arrayLastIndex(x -> x <= f_at[c.1], h_at)]) AS org_code, region_code,
    '' AS task_code, '' AS window_id, f_staff[c.1] AS staff_id,
    [(f_at[c.2], 'red')] AS steps, CAST(NULL, 'Nullable(DateTime64(3, \'UTC\'))') AS due_at,
    map('replied_at', toString(f_at[c.1]), 'visited_at', toString(f_at[c.2]), 'reply_event', f_event_id[c.1], 'visit_event', f_event_id[c.2]) AS evidence
FROM ({{ticket_subjects}})
ARRAY JOIN arrayFilter(x -> x.2 > 0, claims) AS c

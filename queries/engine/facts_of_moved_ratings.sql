-- purpose: Read all ratings of the subjects whose ratings a change of the calendar can move.
-- grain: one row per stored fact; a redelivery that is not merged yet is one more
-- include: facts_columns_ratings, facts_known, rated_services
-- param: from DateTime64(3,'UTC') = beginning of the first day that changes
-- param: until DateTime64(3,'UTC') = end of the last day that changes
-- source: domain guide 2.4 (calendars are versioned); 4 (a rating counts for five working days after the service)
WITH rated AS
(
    SELECT * FROM ratings
    PREWHERE (subject_kind, subject_sys, subject_no) IN
    (
        SELECT subject_kind, subject_sys, subject_no
        FROM rating_states_now
        WHERE arrayMin(arrayMap((t, s) -> least(t, ifNull(s, t)), r_rated_at, r_served_at)) <= {until:DateTime64(3,'UTC')}
            AND arrayMax(r_rated_at) >= {from:DateTime64(3,'UTC')} - INTERVAL 92 DAY
    )
    WHERE {{facts_known}}
),
rated_without AS (SELECT subject_kind, subject_sys, subject_no FROM rated WHERE served_at = toDateTime64(0, 3, 'UTC'))
SELECT {{facts_columns_ratings}}
FROM rated
ANY LEFT JOIN ({{rated_services}}) AS s ON s.service_kind = rated.subject_kind AND s.service_sys = rated.subject_sys AND s.service_subject = rated.subject_no
ORDER BY subject_kind, subject_sys, subject_no, source_sys, rating_id, revision, content

-- purpose: Find the valid bad ratings among states just folded that have no work order yet.
-- grain: one row per rating
-- param: version UInt64 = fold version of the states
-- param: max_rows UInt32 = at most so many
-- column: id String = id of the order
-- column: subject String = kind/source_sys/number
-- column: level UInt8 = 1 or 2
-- column: rated_at Int64 = from when the rating counts, Unix milliseconds
-- column: org_code String = organisation; empty = nobody in particular
-- column: region_code String = division; empty = none
-- column: task_code String = service item; empty = none
-- column: window_id String = window; empty = none
-- column: channel String = channel
-- column: real_name Bool = the rater gave a name
-- column: bad_tag String = what the rater complains of (domain guide 4); empty = not said
-- source: domain guide 4, levels 1 and 2 are bad; defaults and excluded ratings do not count; 5.1, C8: a rating is about the organisation that
-- served, which the rating names only as long as nothing else is known of its case or ticket
SELECT id, subject, level, rated_at, multiIf(w.kind = '', toString(s.org_code), answers_of[arrayLastIndex(x -> x <= counts_from, answered_at)] != '', answers_of[arrayLastIndex(x -> x <= counts_from, answered_at)], held_by[greatest(1, arrayLastIndex(x -> x <= counts_from, held_at))]) AS org_code, if(served_region = '', toString(s.region_code), served_region) AS region_code, task_code, window_id, channel, real_name, bad_tag
FROM
(
    SELECT
        lower(hex(sipHash128('rating', toString(source_sys), rating_id))) AS id,
        concat(subject_kind, '/', subject_sys, '/', subject_no) AS subject,
        level, toUnixTimestamp64Milli(counts_from) AS rated_at, counts_from, org_code, region_code, task_code, window_id, channel, real_name,
        subject_kind, subject_sys, subject_no, source_sys, rating_id
    FROM (SELECT * FROM rating_states FINAL WHERE fold_version = {version:UInt64})
    ARRAY JOIN r_source_sys AS source_sys, r_rating_id AS rating_id, r_level AS level, r_from AS counts_from, r_until AS counts_until,
        r_status AS status, r_org_code AS org_code, r_region_code AS region_code, r_task_code AS task_code, r_window_id AS window_id,
        r_channel AS channel, r_real_name AS real_name
    WHERE status = 'valid' AND level <= 2 AND counts_until >= '2299-12-31 00:00:00'
) AS s
LEFT JOIN
(
    SELECT subject_kind, subject_sys, subject_no, source_sys, rating_id, argMax(JSONExtractString(payload, 'bad_tag'), (revision, precedence)) AS bad_tag
    FROM ratings
    PREWHERE (subject_kind, subject_sys, subject_no) IN (SELECT subject_kind, subject_sys, subject_no FROM rating_states WHERE fold_version = {version:UInt64})
    GROUP BY subject_kind, subject_sys, subject_no, source_sys, rating_id
) AS t ON t.subject_kind = s.subject_kind AND t.subject_sys = s.subject_sys AND t.subject_no = s.subject_no AND t.source_sys = s.source_sys AND t.rating_id = s.rating_id
LEFT JOIN
(
    SELECT 'case' AS kind, source_sys AS sys, case_no AS no, [h_at[1]] AS held_at, [toString(org_code)] AS held_by, arrayResize(held_at, 0) AS answered_at, arrayResize(held_by, 0) AS answers_of, toString(region_code) AS served_region
    FROM cases FINAL
    PREWHERE (source_sys, case_no) IN (SELECT subject_sys, subject_no FROM rating_states WHERE fold_version = {version:UInt64} AND subject_kind = 'case')
    UNION ALL
    SELECT 'ticket', source_sys, ticket_no, h_at, arrayMap(x -> toString(x), h_org), arrayFilter((x, a) -> isNotNull(a), h_at, h_stop_at), arrayFilter((x, a) -> isNotNull(a), arrayMap(x -> toString(x), h_org), h_stop_at), toString(region_code)
    FROM tickets FINAL
    PREWHERE (source_sys, ticket_no) IN (SELECT subject_sys, subject_no FROM rating_states WHERE fold_version = {version:UInt64} AND subject_kind = 'ticket')
) AS w ON w.kind = s.subject_kind AND w.sys = s.subject_sys AND w.no = s.subject_no
WHERE id NOT IN (SELECT id FROM work_items WHERE kind = 'rating')
ORDER BY rated_at, id
LIMIT {max_rows:UInt32}

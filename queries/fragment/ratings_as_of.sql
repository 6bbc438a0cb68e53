-- One row per rating given in the period that counts as of as_of, whatever its
-- status. Organisation, division, item and window are those of the served case or
-- ticket (C8), of a ticket who had answered it last when it was rated, before any answer who had it; a rating without one is not linked: it has no organisation, and the
-- division that it gives itself.
-- param: source String ? = system that sent the rating; empty = all
-- param: org String ? = organisation of the served case; empty = all
-- param: as_of DateTime64(3,'UTC') = the instant the figure is asked for; facts that occurred later do not exist yet
-- param: from DateTime64(3,'UTC') ? = first instant of the period; nothing = from the beginning
-- include: org_filter, instant_until, region_filter, rating_exclusions
-- column: excluded_by String = who excluded it by decision; empty = nobody, or its source
-- column: excluded_at DateTime64(3,'UTC') = when; 1970-01-01 = not by decision
-- column: excluded_why String = why
WITH
    rating AS
    (
        SELECT
            subject_kind, subject_sys, subject_no,
            source_sys, rating_id, level, rated_at, if(x.excluded_by != '', 'excluded', toString(r_state)) AS status, own_region, own_channel, real_name,
            x.excluded_by AS excluded_by, x.excluded_at AS excluded_at, x.excluded_why AS excluded_why
        FROM
        (
            SELECT subject_kind, subject_sys, subject_no, source_sys, rating_id, level, rated_at, r_state, own_region, own_channel, real_name,
                lower(hex(sipHash128('rating', toString(source_sys), rating_id))) AS work_id
            FROM rating_states FINAL
            ARRAY JOIN
                r_source_sys AS source_sys, r_rating_id AS rating_id, r_level AS level, r_rated_at AS rated_at,
                r_status AS r_state, r_region_code AS own_region, r_channel AS own_channel, r_real_name AS real_name,
                r_from AS counts_from, r_until AS counts_until
            WHERE counts_from <= {as_of:DateTime64(3,'UTC')} AND {as_of:DateTime64(3,'UTC')} < counts_until
                AND rated_at >= {from:DateTime64(3,'UTC')} AND rated_at < {{instant_until}}
                AND ({source:String} = '' OR source_sys = {source:String})
        ) AS r
        LEFT JOIN ({{rating_exclusions}}) AS x ON x.id = r.work_id
    ),
    subject AS
    (
        SELECT
            'case' AS kind, source_sys AS sys, case_no AS no, region_code AS served_region, org_code AS served_org,
            task_code AS served_item, item_type AS served_type, window_id AS served_window, attributes AS served_attributes,
            CAST([], 'Array(DateTime64(3, \'UTC\'))') AS answered_at, CAST([], 'Array(String)') AS answers_of, CAST([], 'Array(DateTime64(3, \'UTC\'))') AS held_at, CAST([], 'Array(String)') AS held_by,
            is_test OR secret OR h_excluded[arrayCount(x -> x <= {as_of:DateTime64(3,'UTC')}, h_at)] = 'void' AS is_out
        FROM cases FINAL
        WHERE (source_sys, case_no) IN (SELECT subject_sys, subject_no FROM rating WHERE subject_kind = 'case')
            AND h_at[1] <= {as_of:DateTime64(3,'UTC')}
        UNION ALL
        SELECT
            'ticket', source_sys, ticket_no, region_code, h_org[1],
            '', '', '', attributes, arrayFilter((x, s) -> isNotNull(s), h_at, h_stop_at), arrayFilter((x, s) -> isNotNull(s), arrayMap(x -> toString(x), h_org), h_stop_at), h_at, arrayMap(x -> toString(x), h_org),
            is_test OR h_excluded[-1] = 'secret' OR h_excluded[arrayCount(x -> x <= {as_of:DateTime64(3,'UTC')}, h_at)] = 'void'
        FROM tickets FINAL
        WHERE (source_sys, ticket_no) IN (SELECT subject_sys, subject_no FROM rating WHERE subject_kind = 'ticket')
            AND h_at[1] <= {as_of:DateTime64(3,'UTC')}
    )
SELECT
    subject_kind, subject_sys, subject_no, source_sys, rating_id, level, rated_at, status, real_name, excluded_by, excluded_at, excluded_why,
    kind != '' AS is_linked,
    if(is_linked, served_region, own_region) AS region_code,
    answers_of[arrayLastIndex(x -> x <= rated_at, answered_at)] AS answered_by,
    if(answered_by = '', if(empty(held_by), toString(served_org), held_by[greatest(1, arrayLastIndex(x -> x <= rated_at, held_at))]), answered_by) AS org_code, served_item AS task_code, served_type AS item_type, served_window AS window_id, served_attributes AS attributes,
    own_channel AS channel
FROM rating
ANY LEFT JOIN subject ON kind = subject_kind AND sys = subject_sys AND no = subject_no
WHERE NOT is_out AND ({org:String} = '' OR is_linked) AND {{org_filter}} AND {{region_filter}}

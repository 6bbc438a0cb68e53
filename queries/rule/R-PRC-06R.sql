-- purpose: Abnormal termination rate: an organisation terminated far more than its peers in a month.
-- grain: one row per organisation and closed month (clock_no 2026-03)
-- include: org_peers, joint_parents_known
-- param: until DateTime64(3,'UTC') = end of the closed day; only the last day of a month gives rows
-- param: min_cases UInt32 = acceptances that an organisation, and its peers together, need to be compared
-- param: min_peers UInt32 = peers that are needed
-- param: min_terminated UInt32 = terminations from which the rate says something
-- param: factor UInt16 = how many times the rate of the peers
-- source: domain guide 6.2, R-PRC-06 (rate); 5.4 C15 (terminate_rate); 5.1 (C6 to C8)
-- Over closed local calendar months. terminate_rate = cases that the department
-- terminated in the month (not the applicant) / cases accepted in it, of the
-- organisation at acceptance. The rate of the peers is the sum of their terminations
-- over the sum of their acceptances: the other organisations of the same level of
-- government and line.
WITH
toStartOfMonth(toDate32(addMilliseconds({until:DateTime64(3,'UTC')}, -1), 'Asia/Shanghai')) AS month,
toTimeZone(toDateTime64(month, 3, 'Asia/Shanghai'), 'UTC') AS month_start,
figures AS
(
    SELECT toString(org_code) AS org,
        -- as the month left it: an acceptance by law that lies in the future is none yet
        countIf(ifNull(h_accepted_at[i] >= month_start AND h_accepted_at[i] < {until:DateTime64(3,'UTC')}, false)) AS n,
        countIf(arrayExists((k, legal, p, t) -> k = 'terminate' AND legal AND JSONExtractString(p, 'actor') != 'applicant' AND t >= month_start AND t < {until:DateTime64(3,'UTC')},
            f_type, f_legal, f_payload, f_at)) AS hits
    FROM (SELECT *, arrayLastIndex(t -> t < {until:DateTime64(3,'UTC')}, h_at) AS i FROM cases_now)
    WHERE last_at >= month_start AND NOT is_test AND NOT secret AND h_excluded[-1] NOT IN ('void', 'incomplete')
        AND (source_sys, case_no) NOT IN (SELECT parent_sys, parent_no FROM ({{joint_parents_known}}) WHERE head_since < {until:DateTime64(3,'UTC')})
    GROUP BY org
),
arrayFilter(x -> x.1 != one.1, peers) AS others,
arraySum(x -> x.2, others) AS peers_n,
arraySum(x -> x.3, others) AS peers_hits
SELECT
    '' AS source_sys, one.1 AS subject_no, formatDateTime(month, '%Y-%m') AS clock_no, one.1 AS org_code, one.4 AS region_code, '' AS task_code, '' AS window_id, '' AS staff_id,
    [({until:DateTime64(3,'UTC')}, 'yellow')] AS steps,
    CAST(NULL, 'Nullable(DateTime64(3, \'UTC\'))') AS due_at,
    map('terminated', toString(one.3), 'accepted', toString(one.2), 'rate', toString(round(one.3 / one.2, 4)), 'peers', toString(length(others)), 'peers_terminated', toString(peers_hits),
        'peers_accepted', toString(peers_n), 'peers_rate', toString(round(peers_hits / peers_n, 4)), 'gov_level', toString(gov_level), 'org_line', org_line) AS evidence
FROM
(
    SELECT gov_level, toString(org_line) AS org_line, arraySort(groupArray((org, n, hits, toString(org_region)))) AS peers
    FROM figures
    INNER JOIN ({{org_peers}}) AS o ON figures.org = o.peer_org
    WHERE toDayOfMonth(toDate32({until:DateTime64(3,'UTC')}, 'Asia/Shanghai')) = 1
    GROUP BY gov_level, org_line
)
ARRAY JOIN peers AS one
WHERE one.2 >= {min_cases:UInt32} AND one.3 >= {min_terminated:UInt32} AND length(others) >= {min_peers:UInt32} AND peers_n >= {min_cases:UInt32}
    AND one.3 * peers_n > {factor:UInt16} * peers_hits * one.2

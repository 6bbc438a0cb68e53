-- purpose: Abnormal denial rate: an organisation refused far more than its peers in a month.
-- grain: one row per organisation and closed month (clock_no 2026-03)
-- include: org_peers, joint_parents_known
-- param: until DateTime64(3,'UTC') = end of the closed day; only the last day of a month gives rows
-- param: min_cases UInt32 = decisions that an organisation, and a peer, needs to be compared
-- param: min_peers UInt32 = peers that are needed
-- param: sigmas UInt16 = standard deviations above the mean
-- source: domain guide 6.2, R-DEN-03; 5.4 C12 (deny_rate); 5.1 (C4, C6 to C8)
-- Over closed local calendar months, by the instant of the decision (else the
-- finish). deny_rate = denied / decided of the organisation at acceptance. Peers are
-- the other organisations of the same level of government and line with enough
-- decisions; mean and standard deviation (of the population) are those of the peers'
-- rates without the organisation itself, which would hide itself among few.
WITH
toStartOfMonth(toDate32(addMilliseconds({until:DateTime64(3,'UTC')}, -1), 'Asia/Shanghai')) AS month,
toTimeZone(toDateTime64(month, 3, 'Asia/Shanghai'), 'UTC') AS month_start,
figures AS
(
    SELECT toString(org_code) AS org, count() AS n, countIf(result = 'denied') AS hits
    FROM
    (
        -- as the month left it: what a reopening decided later is of another month
        SELECT org_code, arrayLastIndex(t -> t < {until:DateTime64(3,'UTC')}, h_at) AS i, coalesce(h_decided_at[i], h_finished_at[i]) AS decided,
            JSONExtractString(f_payload[arrayLastIndex((k, t, p) -> k IN ('decide', 'finish') AND t < {until:DateTime64(3,'UTC')} AND JSONExtractString(p, 'result_type') != '', f_type, f_at, f_payload)], 'result_type') AS result
        FROM cases_now
        WHERE last_at >= month_start AND NOT is_test AND NOT secret AND i > 0 AND h_excluded[i] = '' AND h_excluded[-1] != 'void'
            AND (source_sys, case_no) NOT IN (SELECT parent_sys, parent_no FROM ({{joint_parents_known}}) WHERE head_since < {until:DateTime64(3,'UTC')})
    )
    WHERE isNotNull(decided) AND assumeNotNull(decided) >= month_start AND assumeNotNull(decided) < {until:DateTime64(3,'UTC')}
    GROUP BY org
),
arrayFilter(x -> x.1 != one.1 AND x.2 >= {min_cases:UInt32}, peers) AS others,
arrayMap(x -> x.3 / x.2, others) AS rates,
one.3 / one.2 AS rate,
arrayReduce('avg', rates) AS mean,
arrayReduce('stddevPop', rates) AS deviation
SELECT
    '' AS source_sys, one.1 AS subject_no, formatDateTime(month, '%Y-%m') AS clock_no, one.1 AS org_code, one.4 AS region_code, '' AS task_code, '' AS window_id, '' AS staff_id,
    [({until:DateTime64(3,'UTC')}, 'notice')] AS steps,
    CAST(NULL, 'Nullable(DateTime64(3, \'UTC\'))') AS due_at,
    map('denied', toString(one.3), 'decided', toString(one.2), 'rate', toString(round(rate, 4)), 'peers', toString(length(others)), 'peers_mean', toString(round(mean, 4)),
        'peers_deviation', toString(round(deviation, 4)), 'threshold', toString(round(mean + {sigmas:UInt16} * deviation, 4)), 'gov_level', toString(gov_level), 'org_line', org_line) AS evidence
FROM
(
    SELECT gov_level, toString(org_line) AS org_line, arraySort(groupArray((org, n, hits, toString(org_region)))) AS peers
    FROM figures
    INNER JOIN ({{org_peers}}) AS o ON figures.org = o.peer_org
    WHERE toDayOfMonth(toDate32({until:DateTime64(3,'UTC')}, 'Asia/Shanghai')) = 1
    GROUP BY gov_level, org_line
)
ARRAY JOIN peers AS one
WHERE one.2 >= {min_cases:UInt32} AND length(others) >= {min_peers:UInt32} AND rate > mean + {sigmas:UInt16} * deviation

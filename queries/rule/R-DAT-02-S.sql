-- purpose: Incomplete data: fewer than 98 of 100 cases that a source finished on a day are complete.
-- grain: one row per source, organisation and local day of finishing below the limit
-- include: workdays, joint_parents_known
-- param: from DateTime64(3,'UTC') = beginning of the day
-- param: until DateTime64(3,'UTC') = end of the day
-- param: min_percent UInt16 = least per cent of complete cases
-- param: min_cases UInt16 = fewest cases for a share
-- param: lookback_days UInt16 = days before that are judged again
-- source: domain guide 6.2, R-DAT-02 (its half about shares); 5.3, B11
-- Decisions: a case is complete when it has an application or acceptance, an
-- acceptance instant, and names organisation, division and item; a missing step is
-- R-PRC-01. Parents of joint cases are counted by their sub-cases. The step is at the end of the day. What is completed in the days in which
-- the day is judged again (lookback_days) takes the card back as late data.
WITH
{{workdays}},
subtractDays({from:DateTime64(3,'UTC')}, {lookback_days:UInt16}) AS since
SELECT
    source_sys, source_sys AS subject_no, concat(toString(day), '/', org) AS clock_no, org AS org_code, region AS region_code, '' AS task_code, '' AS window_id, '' AS staff_id,
    if(n >= {min_cases:UInt16} AND complete * 100 < n * {min_percent:UInt16}, [(addMilliseconds(day_end(day), 1), 'yellow')], []) AS steps,
    NULL AS due_at,
    map('cases', toString(n), 'complete', toString(complete)) AS evidence
FROM
(
    SELECT toString(source_sys) AS source_sys, toString(org_code) AS org, local_day(assumeNotNull(h_finished_at[-1])) AS day, any(toString(region_code)) AS region,
        count() AS n, countIf(h_excluded[-1] != 'incomplete' AND isNotNull(h_accepted_at[-1]) AND org_code != '' AND region_code != '' AND task_code != '') AS complete
    FROM cases FINAL
    WHERE NOT is_test AND NOT secret AND h_excluded[-1] != 'void' AND h_finished_at[-1] >= since AND h_finished_at[-1] < {until:DateTime64(3,'UTC')}
        AND (source_sys, case_no) NOT IN (SELECT parent_sys, parent_no FROM ({{joint_parents_known}}) WHERE head_since < {until:DateTime64(3,'UTC')})
    GROUP BY source_sys, org, day
)
WHERE notEmpty(steps)

-- purpose: Volume anomaly: the applications of a day are more than four deviations off what the weekday usually has.
-- grain: one row per organisation and local day that is off
-- include: workdays, joint_parents_known
-- param: from DateTime64(3,'UTC') = beginning of the first day asked about
-- param: until DateTime64(3,'UTC') = end of the last one
-- param: z_limit UInt16 = deviations
-- param: min_days UInt16 = fewest earlier days to compare with
-- param: weeks UInt16 = weeks that are looked back
-- source: domain guide 6.2, R-DAT-04
-- Decisions: the same weekday of the weeks before, working days with working days and
-- days off with days off, since the organisation's first case in that time; a day
-- without cases counts as 0. The sample deviation, at least one case, or a number that
-- never changed would make any change infinite. Test and voided cases are left out,
-- and so are parents of joint cases when a sub-case, which is counted in their place,
-- began on the same day: every day is counted by what it left behind, so that days
-- can be compared.
-- The step is at the end of the day.
WITH
{{workdays}},
7 * {weeks:UInt16} AS back,
arrayMap(i -> toDate32(local_day({from:DateTime64(3,'UTC')}) + i), range(toUInt32(dateDiff('day', local_day({from:DateTime64(3,'UTC')}), local_day({until:DateTime64(3,'UTC')}))))) AS asked
SELECT
    '' AS source_sys, org AS subject_no, toString(today) AS clock_no, org AS org_code, region AS region_code, '' AS task_code, '' AS window_id, '' AS staff_id,
    [(addMilliseconds(day_end(today), 1), 'notice')] AS steps, NULL AS due_at,
    map('cases', toString(n), 'usual', toString(round(mean, 1)), 'z', toString(round(z, 1)), 'days', toString(length(before))) AS evidence
FROM
(
    SELECT org, region, today, cases_of[indexOf(days, today)] AS n, arrayMap(d -> cases_of[indexOf(days, d)], likes) AS before,
        arrayReduce('avg', before) AS mean, (n - mean) / greatest(arrayReduce('stddevSamp', before), 1) AS z
    FROM
    (
        SELECT org, region, days, cases_of, today,
            arrayFilter(d -> d >= first AND is_wd(d) = is_wd(today), arrayMap(k -> toDate32(today - 7 * k), range(1, {weeks:UInt16} + 1))) AS likes
        FROM
        (
            SELECT org, region, days, cases_of, today, arrayMin(arrayFilter(d -> d >= today - back AND d <= today, days)) AS first
            FROM
            (
                SELECT org, any(region) AS region, groupArray(day) AS days, groupArray(n) AS cases_of
                FROM
                (
                    SELECT toString(org_code) AS org, any(toString(region_code)) AS region, local_day(assumeNotNull(h_applied_at[-1])) AS day, toInt64(count()) AS n
                    FROM (SELECT * FROM cases FINAL) AS c
                    LEFT JOIN ({{joint_parents_known}}) AS p ON p.parent_sys = c.source_sys AND p.parent_no = c.case_no
                    WHERE NOT is_test AND h_excluded[-1] != 'void' AND org_code != ''
                        AND (parent_no = '' OR head_since > day_end(day))
                        AND h_applied_at[-1] >= subtractDays({from:DateTime64(3,'UTC')}, back) AND h_applied_at[-1] < {until:DateTime64(3,'UTC')}
                    GROUP BY org, day
                )
                GROUP BY org
            )
            ARRAY JOIN asked AS today
            WHERE arrayExists(d -> d >= today - back AND d <= today, days)
        )
    )
)
WHERE length(before) >= {min_days:UInt16} AND abs(z) > {z_limit:UInt16}

-- purpose: Volume anomaly: the applications of a day are more than four deviations off what the weekday usually has.
-- grain: one row per organisation and local day that is off
-- include: workdays, cases_per_day
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
-- A day of an organisation is seen from the days a whole number of weeks after it. A day that is
-- seen from none, with no case of its own, is not off.
WITH
{{workdays}},
7 * {weeks:UInt16} AS back
SELECT
    '' AS source_sys, org AS subject_no, toString(today) AS clock_no, org AS org_code, region AS region_code, '' AS task_code, '' AS window_id, '' AS staff_id,
    [(addMilliseconds(day_end(today), 1), 'notice')] AS steps, NULL AS due_at,
    map('cases', toString(n), 'usual', toString(round(mean, 1)), 'z', toString(round(z, 1)), 'days', toString(length(before))) AS evidence
FROM
(
    SELECT org, region, today, n, before, arrayReduce('avg', before) AS mean, (n - mean) / greatest(arrayReduce('stddevSamp', before), 1) AS z
    FROM
    (
        SELECT org, region, today, n,
            arrayMap(k -> cases_of[indexOf(weeks_ago, k)],
                arrayFilter(k -> toInt32(today) - 7 * k >= first_day AND is_wd(toDate32(today - 7 * k)) = is_wd(today), range(1, {weeks:UInt16} + 1))) AS before
        FROM
        (
            SELECT org, any(region) AS region, today, toInt32(today) - back AS since, sumIf(cases, k = 0) AS n,
                groupArrayIf(k, k > 0) AS weeks_ago, groupArrayIf(cases, k > 0) AS cases_of
            FROM
            (
                SELECT org, region, toDate32(day + 7 * k) AS today, k, cases
                FROM ({{cases_per_day}})
                ARRAY JOIN range(0, {weeks:UInt16} + 1) AS k
                WHERE today >= local_day({from:DateTime64(3,'UTC')}) AND today < local_day({until:DateTime64(3,'UTC')})
            )
            GROUP BY org, today
        ) AS seen
        ASOF INNER JOIN (SELECT org AS of_org, toInt32(day) AS first_day FROM ({{cases_per_day}})) AS known ON seen.org = known.of_org AND seen.since <= known.first_day
    )
)
WHERE length(before) >= {min_days:UInt16} AND abs(z) > {z_limit:UInt16}

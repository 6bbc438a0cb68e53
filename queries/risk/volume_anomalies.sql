-- purpose: Days with far more or far fewer new cases or tickets than the same weekday before (R-DAT-04): z-score against up to 26 earlier days of the same weekday and the same kind of day.
-- grain: one row per source, kind, organisation ('' = the whole source) and local day
-- param: as_of DateTime64(3,'UTC') = the instant the figure is asked for: days that had ended by then
-- param: from DateTime64(3,'UTC') ? = days that begin at or after; nothing = all
-- param: source String ? = source system; empty = all
-- param: region String ? = division whose subtree is meant; empty or 000000 = all
-- param: org String ? = organisation; empty = the sources as a whole and every organisation
-- param: calendar String = version of the calendar
-- param: beyond Float64 ? = only days with |z| at or above; 0 = every day, judged or not
-- param: max_rows UInt32 = at most so many, the newest first
-- column: day Date32 = local day (Asia/Shanghai)
-- column: is_workday Bool = by the calendar: a working Saturday is compared with working Saturdays, a holiday Monday with holiday Mondays
-- column: subjects UInt64 = cases or tickets that began on the day
-- column: earlier UInt64 = days it is compared with
-- column: mean Nullable(Float64) = of those days
-- column: deviation Nullable(Float64) = their sample standard deviation, not taken smaller than the square root of the mean (chance alone) nor than 1
-- column: z Nullable(Float64) = (subjects - mean) / deviation; null with fewer than 8 earlier days
-- column: verdict String = surge, drop, normal or too_few_days
-- column: total UInt64 = rows that fit
-- include: region_filter
-- source: domain guide 6.2, R-DAT-04
WITH 8 AS least_days, 4 AS limit_z
SELECT
    source_sys, kind, org_code, day, is_workday, subjects, earlier,
    if(earlier < least_days, NULL, mean_) AS mean,
    if(earlier < least_days, NULL, deviation_) AS deviation,
    if(earlier < least_days, NULL, (subjects - mean_) / deviation_) AS z,
    multiIf(earlier < least_days, 'too_few_days', z >= limit_z, 'surge', z <= -limit_z, 'drop', 'normal') AS verdict,
    count() OVER () AS total
FROM
(
    SELECT
        source_sys, kind, org_code, day, is_workday, subjects,
        count() OVER w AS earlier,
        avg(subjects) OVER w AS mean_,
        greatest(ifNotFinite(stddevSamp(subjects) OVER w, 0), sqrt(mean_), 1) AS deviation_
    FROM
    (
        SELECT
            source_sys, kind, org_code,
            -- every day from the first one on, also those on which nothing began
            arrayJoin(arrayMap(n -> toDate32(addDays(first_day, n)), range(toUInt32(greatest(0, dateDiff('day', first_day, toDate32({as_of:DateTime64(3,'UTC')}, 'Asia/Shanghai'))))))) AS day,
            counts[toInt32(day)] AS subjects
        FROM
        (
            SELECT
                source_sys, kind, org_code,
                -- a year and a month before the asked days holds what they are compared with
                greatest(min(began), addDays(toDate32({from:DateTime64(3,'UTC')}, 'Asia/Shanghai'), -400)) AS first_day,
                sumMap(map(toInt32(began), toUInt64(1))) AS counts
            FROM
            (
                SELECT source_sys, kind, org, began
                FROM
                (
                    SELECT source_sys, 'case' AS kind, toString(org_code) AS org, region_code, toDate32(h_at[1], 'Asia/Shanghai') AS began,
                        h_excluded[arrayCount(x -> x <= {as_of:DateTime64(3,'UTC')}, h_at)] AS excluded
                    FROM cases FINAL
                    WHERE h_at[1] <= {as_of:DateTime64(3,'UTC')} AND NOT is_test AND NOT secret
                    UNION ALL
                    SELECT source_sys, 'ticket', toString(h_org[arrayCount(x -> x <= {as_of:DateTime64(3,'UTC')}, h_at)]), region_code, toDate32(h_at[1], 'Asia/Shanghai'),
                        h_excluded[arrayCount(x -> x <= {as_of:DateTime64(3,'UTC')}, h_at)]
                    FROM tickets FINAL
                    WHERE h_at[1] <= {as_of:DateTime64(3,'UTC')} AND NOT is_test AND NOT secret
                )
                WHERE excluded != 'void' AND ({source:String} = '' OR source_sys = {source:String}) AND {{region_filter}}
            )
            ARRAY JOIN arrayDistinct(['', org]) AS org_code
            WHERE {org:String} = '' OR org_code = {org:String}
            GROUP BY source_sys, kind, org_code
        )
    ) AS d
    INNER JOIN
    (
        SELECT day AS calendar_day, is_workday FROM calendar_days FINAL WHERE version = {calendar:String}
    ) AS c ON c.calendar_day = d.day
    WINDOW w AS (PARTITION BY source_sys, kind, org_code, toDayOfWeek(day), is_workday ORDER BY day ROWS BETWEEN 26 PRECEDING AND 1 PRECEDING)
)
WHERE toDateTime64(day, 3, 'Asia/Shanghai') >= {from:DateTime64(3,'UTC')} AND ({beyond:Float64} = 0 OR abs(z) >= {beyond:Float64})
ORDER BY day DESC, abs(z) DESC, source_sys, kind, org_code
LIMIT {max_rows:UInt32}

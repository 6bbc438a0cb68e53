-- purpose: Low connect rate: fewer than 95 of 100 calls of a day were answered; for three days on end.
-- grain: one row per run of bad days of a hotline
-- include: workdays, steps
-- param: from DateTime64(3,'UTC') = beginning of the day
-- param: until DateTime64(3,'UTC') = end of the day
-- param: min_percent UInt16 = least per cent of calls answered
-- param: yellow_days UInt16 = yellow with this bad day on end
-- param: lookback_days UInt16 = days before in which a run is looked for
-- source: domain guide 6.2, R-HOT-08; 5.7, F02 connect_rate
-- Decisions: answered over queued less those given up within five seconds, summed
-- over the measurements of the local day; a day without calls is none. The step is
-- at the end of the day. Days without a measurement neither add to a run nor end it:
-- silence is not an improvement. A good day ends a warning; the card stays. The
-- alert is numbered by the first day of its run, also where that lies before the
-- look back: all days are read, or the first one within it would begin a run anew. Runs
-- that began before the look back were said in full.
WITH
{{workdays}},
{{steps}}
SELECT
    '' AS source_sys, org_code AS subject_no, toString(days[s].1) AS clock_no, org_code, region_code, '' AS task_code, '' AS window_id, '' AS staff_id,
    arrayFilter(i -> i >= s AND days[i].2 * 100 < days[i].3 * {min_percent:UInt16} AND NOT arrayExists(j -> j >= s AND j <= i AND days[j].2 * 100 >= days[j].3 * {min_percent:UInt16}, arrayEnumerate(days)), arrayEnumerate(days)) AS run,
    arrayFirstIndex((d, i) -> i > s AND d.2 * 100 >= d.3 * {min_percent:UInt16}, days, arrayEnumerate(days)) AS good,
    arrayConcat(
        [(addMilliseconds(day_end(days[s].1), 1), 'warning')],
        multiIf(length(run) >= {yellow_days:UInt16}, [(addMilliseconds(day_end(days[run[{yellow_days:UInt16}]].1), 1), 'yellow')],
            good > 0, [(addMilliseconds(day_end(days[good].1), 1), '')], [])) AS steps,
    NULL AS due_at,
    map('bad_days', toString(length(run)), 'answered', toString(days[s].2), 'calls', toString(days[s].3)) AS evidence
FROM
(
    SELECT org_code, any(region) AS region_code, arraySort(groupArray((day, answered, calls))) AS days
    FROM
    (
        SELECT toString(m.org_code) AS org_code, any(toString(m.region_code)) AS region, local_day(m.period_from) AS day,
            sum(m.`values`['answered']) AS answered, sum(m.`values`['queued'] - m.`values`['abandoned_5s']) AS calls
        FROM
        (
            SELECT *, max(revision) OVER (PARTITION BY source_sys, event_id) AS top FROM measurements FINAL
            WHERE name = 'hotline_calls'
        ) AS m
        WHERE m.revision = m.top AND m.period_from < {until:DateTime64(3,'UTC')}
        GROUP BY org_code, day
        HAVING calls > 0
    )
    GROUP BY org_code
)
ARRAY JOIN arrayFilter(i -> days[i].1 >= local_day(subtractDays({from:DateTime64(3,'UTC')}, {lookback_days:UInt16})) AND days[i].2 * 100 < days[i].3 * {min_percent:UInt16} AND (i = 1 OR days[i - 1].2 * 100 >= days[i - 1].3 * {min_percent:UInt16}), arrayEnumerate(days)) AS s

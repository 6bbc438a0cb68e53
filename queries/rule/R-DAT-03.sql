-- purpose: Source silent: nothing has arrived from a source that usually sends.
-- grain: one row per silence of a source that was too long
-- include: workdays, steps
-- param: from DateTime64(3,'UTC') = beginning of the first hour
-- param: until DateTime64(3,'UTC') = end of the last hour
-- param: silent_minutes UInt16 = minutes of hall hours
-- param: gap_factor UInt16 = how many times the usual gap
-- param: usual_days UInt16 = working days before the silence that tell what is usual
-- param: active_days UInt16 = on so many of them the source must have sent
-- source: domain guide 6.2, R-DAT-03; 2.6 "source outage"
-- Decisions: only arrivals count, and time in hall hours (9:00 to 12:00 and 13:30 to
-- 17:30 of working days: seven hours). The warning comes after the longer of two hours
-- and twice the usual gap, which is the median of each day's longest gap over the ten
-- working days before the day of the last arrival: that day itself would learn of this
-- gap when it ends. Red a working day of silence later than the warning less the two
-- hours. Sources that sent on fewer than five of the last ten working days, the day of
-- the last arrival included, say nothing: a one-off import of history is never missed, nor is a source
-- that has only begun. The next arrival ends the alert. Only steps reached by the end
-- of the hour are said, because the next hour may hear of the source.
WITH
{{workdays}},
{{steps}},
m -> least(greatest(m - 540, 0), 180) + least(greatest(m - 810, 0), 240) AS of_day,
-- minutes of hall hours from the first day of the calendar to an instant
t -> (wd_of(local_day(t)) - toUInt8(is_wd(local_day(t)))) * 420 + if(is_wd(local_day(t)), of_day(dateDiff('millisecond', day_start(local_day(t)), t) / 60000), 0.) AS hall_minutes,
-- the instant at which so many are full and the next one begins
h -> addMilliseconds(day_start(wd_days[intDiv(toUInt32(floor(h)), 420) + 1]),
    toInt64(round((540 + (h - 420 * intDiv(toUInt32(floor(h)), 420)) + if(h - 420 * intDiv(toUInt32(floor(h)), 420) >= 180, 90, 0)) * 60000))) AS instant_of
SELECT
    source_sys, source_sys AS subject_no, formatDateTime(g.1, '%Y-%m-%dT%H:%i:%S', 'Asia/Shanghai') AS clock_no, '' AS org_code, '' AS region_code, '' AS task_code, '' AS window_id, '' AS staff_id,
    arrayFilter(s -> s.1 <= {until:DateTime64(3,'UTC')}, arrayConcat(
        [(addMilliseconds(instant_of(hall_minutes(g.1) + g.4), 1), 'warning')],
        if(g.3 > g.4 + 420 - {silent_minutes:UInt16}, [(addMilliseconds(instant_of(hall_minutes(g.1) + g.4 + 420 - {silent_minutes:UInt16}), 1), 'red')], []),
        if(g.2 < {until:DateTime64(3,'UTC')}, [(g.2, '')], []))) AS steps,
    NULL AS due_at,
    map('last_arrival', toString(g.1), 'limit_minutes', toString(round(g.4, 1)), 'days_heard_of', toString(g.5)) AS evidence
FROM
(
    SELECT source_sys, max(last) AS last_arrival,
        -- each working day on which something arrived, with its longest gap
        maxMapIf([day], [minutes], is_wd(day)) AS heard,
        arrayPushBack(groupArrayIf((began, first, minutes), minutes > {silent_minutes:UInt16} AND first >= subtractDays({from:DateTime64(3,'UTC')}, 2)),
            (last_arrival, {until:DateTime64(3,'UTC')}, hall_minutes({until:DateTime64(3,'UTC')}) - hall_minutes(last_arrival))) AS silences
    FROM
    (
        SELECT source_sys, first, last, local_day(first) AS day,
            lagInFrame(last, 1, first) OVER (PARTITION BY source_sys ORDER BY first ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS began,
            hall_minutes(first) - hall_minutes(began) AS minutes
        FROM
        (
            SELECT toString(source_sys) AS source_sys, min(received_at) AS first, max(received_at) AS last
            FROM deliveries
            WHERE outcome = 'fact' AND received_at < {until:DateTime64(3,'UTC')} AND received_at >= subtractDays({from:DateTime64(3,'UTC')}, 3 * {usual_days:UInt16} + 5)
            GROUP BY source_sys, toStartOfMinute(received_at)
        )
    )
    GROUP BY source_sys
)
ARRAY JOIN arrayFilter(x -> x.3 > x.4 AND x.5 >= {active_days:UInt16}, arrayMap(x -> (
        x.1, x.2, x.3,
        greatest(toFloat64({silent_minutes:UInt16}), {gap_factor:UInt16} * arrayReduce('median', arrayFilter((v, d) -> d < local_day(x.1) AND wd_of(d) + {usual_days:UInt16} >= wd_of(local_day(x.1)), heard.2, heard.1))),
        length(arrayFilter(d -> d <= local_day(x.1) AND wd_of(d) + {usual_days:UInt16} > wd_of(local_day(x.1)), heard.1))),
    silences)) AS g

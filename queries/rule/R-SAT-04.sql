-- purpose: Rating manipulation: five stars in bulk from one device or address, too many ratings filled in by the system, too many within two seconds of the service.
-- grain: one row per organisation, window, local day and pattern
-- include: workdays
-- param: from DateTime64(3,'UTC') = beginning of the day
-- param: until DateTime64(3,'UTC') = end of the day
-- param: bulk UInt16 = five-star ratings from one device or address
-- param: min_ratings UInt16 = fewest ratings for a share
-- param: default_percent UInt16 = most per cent of ratings filled in by the system
-- param: quick_percent UInt16 = most per cent of ratings within the time below
-- param: quick_ms UInt32 = milliseconds from the service to a rating that nobody can have thought about
-- param: lookback_days UInt16 = days before that are judged again, for ratings told late
-- source: domain guide 6.2, R-SAT-04; 4 "Default ratings"
-- Decisions: by the local day of the rating, per organisation and window. Bulk leaves
-- out the devices of the hall (hall_device, kiosk), on which everybody rates, and
-- default ratings. Shares need the fewest ratings; the one within two seconds is over
-- ratings that are not default and say when the service was. Excluded ratings and
-- follow-ups are left out. The alert waits for a supervisor; device and address are
-- tokens and not in the evidence. The step is at the end of the day.
WITH
{{workdays}}
SELECT
    '' AS source_sys, org AS subject_no, concat(toString(day), '/', p.1, if(win = '', '', concat('/', win))) AS clock_no, org AS org_code, region AS region_code, '' AS task_code,
    win AS window_id, '' AS staff_id,
    [(addMilliseconds(day_end(day), 1), 'yellow')] AS steps, NULL AS due_at,
    map('pattern', p.1, 'ratings', toString(p.2), 'of', toString(p.3)) AS evidence
FROM
(
    SELECT
        toString(org_code) AS org, toString(window_id) AS win, local_day(rated_at) AS day, any(toString(region_code)) AS region,
        count() AS n, countIf(is_default) AS defaults,
        countIf(NOT is_default AND served_at > toDateTime64('1970-01-01 00:00:00', 3, 'UTC')) AS timed,
        countIf(NOT is_default AND served_at > toDateTime64('1970-01-01 00:00:00', 3, 'UTC') AND dateDiff('millisecond', served_at, rated_at) BETWEEN 0 AND {quick_ms:UInt32}) AS quick,
        arrayReduce('max', sumMapIf([JSONExtractString(payload, 'device')], [1], level = 5 AND NOT is_default AND channel NOT IN ('hall_device', 'kiosk') AND JSONExtractString(payload, 'device') != '').2) AS by_device,
        arrayReduce('max', sumMapIf([JSONExtractString(payload, 'ip_token')], [1], level = 5 AND NOT is_default AND channel NOT IN ('hall_device', 'kiosk') AND JSONExtractString(payload, 'ip_token') != '').2) AS by_address
    FROM
    (
        SELECT *, max(revision) OVER (PARTITION BY source_sys, rating_id) AS top FROM ratings FINAL
        WHERE (topic, partition, `offset`) NOT IN (SELECT topic, partition, `offset` FROM fact_conflicts FINAL WHERE topic = 'satisfaction-ratings' AND NOT stands)
    )
    WHERE revision = top AND NOT excluded AND NOT follow_up AND org_code != ''
        AND rated_at >= subtractDays({from:DateTime64(3,'UTC')}, {lookback_days:UInt16}) AND rated_at < {until:DateTime64(3,'UTC')}
    GROUP BY org, win, day
)
ARRAY JOIN arrayFilter(p -> p.4, [
    ('device', by_device, n, by_device >= {bulk:UInt16}),
    ('address', by_address, n, by_address >= {bulk:UInt16}),
    ('default', defaults, n, n >= {min_ratings:UInt16} AND defaults * 100 > n * {default_percent:UInt16}),
    ('quick', quick, timed, timed >= {min_ratings:UInt16} AND quick * 100 > timed * {quick_percent:UInt16})]) AS p

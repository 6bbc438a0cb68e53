-- purpose: Bad-rating cluster: five bad ratings of one item or one window within 30 days.
-- grain: one row per item or window, and run of bad ratings in which the number stays full
-- include: workdays
-- param: from DateTime64(3,'UTC') = beginning of the day
-- param: until DateTime64(3,'UTC') = end of the day
-- param: count UInt16 = bad ratings that make a cluster
-- param: days UInt16 = days in which they are counted
-- source: domain guide 6.2, R-SAT-05
-- Decisions: valid ratings in force of level 1 or 2, by organisation and window, and by
-- organisation and item. A run begins with the rating that makes the number full and
-- lasts while it stays full; it is numbered by the local day on which it began. The
-- subject is the organisation, window or item are in their columns. Default, late,
-- excluded and follow-up ratings do not count.
WITH
{{workdays}}
SELECT
    '' AS source_sys, org AS subject_no, concat(k.1, '/', k.2, '/', toString(local_day(list[s]))) AS clock_no, org AS org_code, region AS region_code,
    if(k.1 = 'item', k.2, '') AS task_code, if(k.1 = 'window', k.2, '') AS window_id, '' AS staff_id,
    [(list[s], 'warning')] AS steps, NULL AS due_at,
    map('of', k.1, 'bad_ratings', toString(arrayMax(arraySlice(counts, s))), 'days', toString({days:UInt16})) AS evidence
FROM
(
    SELECT
        org, k, any(region) AS region, arraySort(groupArray(rated_at)) AS list,
        arrayMap(x -> toUInt32(arrayCount(y -> y <= x AND y >= subtractDays(x, {days:UInt16}), list)), list) AS counts,
        arrayFilter(i -> counts[i] >= {count:UInt16} AND (i = 1 OR counts[i - 1] < {count:UInt16}), arrayEnumerate(list)) AS starts
    FROM
    (
        SELECT toString(o) AS org, toString(g) AS region, rated AS rated_at, [('item', toString(task)), ('window', toString(win))] AS ks
        FROM rating_states FINAL
        ARRAY JOIN r_level AS level, r_rated_at AS rated, r_status AS status, r_from AS valid_from, r_until AS valid_until, r_org_code AS o, r_region_code AS g, r_task_code AS task, r_window_id AS win
        WHERE status = 'valid' AND level <= 2 AND valid_until = toDateTime64('2299-12-31 00:00:00', 3, 'UTC') AND o != ''
            AND rated < {until:DateTime64(3,'UTC')} AND rated >= subtractDays({from:DateTime64(3,'UTC')}, 4 * {days:UInt16})
    )
    ARRAY JOIN arrayFilter(x -> x.2 != '', ks) AS k
    GROUP BY org, k
    HAVING notEmpty(starts)
)
ARRAY JOIN starts AS s
WHERE list[s] >= subtractDays({from:DateTime64(3,'UTC')}, 2 * {days:UInt16})

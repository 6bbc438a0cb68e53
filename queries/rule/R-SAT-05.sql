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
-- excluded and follow-up ratings do not count. One that was excluded by decision (its
-- order, domain guide 4) counts no more: a run that was full only with it says that
-- nothing holds, which takes back what was said before.
WITH
{{workdays}}
SELECT
    '' AS source_sys, org AS subject_no, concat(k.1, '/', k.2, '/', toString(local_day(start))) AS clock_no, org AS org_code, region AS region_code,
    if(k.1 = 'item', k.2, '') AS task_code, if(k.1 = 'window', k.2, '') AS window_id, '' AS staff_id,
    [(start, if(has(starts, start), 'warning', ''))] AS steps, NULL AS due_at,
    map('of', k.1, 'bad_ratings', toString(arrayMax(arrayMap((x, n) -> if(x >= start, n, 0), list, counts))), 'days', toString({days:UInt16})) AS evidence
FROM
(
    WITH
    {{workdays}},
    -- the ratings at which the number becomes full
    (times) -> arrayFilter((x, i) -> arrayCount(y -> y <= x AND y >= subtractDays(x, {days:UInt16}), times) >= {count:UInt16}
        AND (i = 1 OR arrayCount(y -> y <= times[i - 1] AND y >= subtractDays(times[i - 1], {days:UInt16}), times) < {count:UInt16}), times, arrayEnumerate(times)) AS full_at
    SELECT
        org, k, any(region) AS region, arraySort(groupArray(rated_at)) AS everything, arraySort(groupArrayIf(rated_at, NOT barred)) AS list,
        arrayMap(x -> toUInt32(arrayCount(y -> y <= x AND y >= subtractDays(x, {days:UInt16}), list)), list) AS counts,
        full_at(list) AS starts,
        arrayFilter(x -> NOT has(arrayMap(y -> local_day(y), starts), local_day(x)), full_at(everything)) AS taken_back
    FROM
    (
        SELECT toString(o) AS org, toString(g) AS region, rated AS rated_at, [('item', toString(task)), ('window', toString(win))] AS ks,
            lower(hex(sipHash128('rating', toString(source), no))) IN
            (
                SELECT id FROM work_events FINAL WHERE kind = 'rating' AND effective_at < {until:DateTime64(3,'UTC')} GROUP BY id HAVING argMax(state, seq) = 'excluded'
            ) AS barred
        FROM rating_states FINAL
        ARRAY JOIN r_source_sys AS source, r_rating_id AS no, r_level AS level, r_rated_at AS rated, r_status AS status, r_from AS valid_from, r_until AS valid_until,
            r_org_code AS o, r_region_code AS g, r_task_code AS task, r_window_id AS win
        WHERE status = 'valid' AND level <= 2 AND valid_until = toDateTime64('2299-12-31 00:00:00', 3, 'UTC') AND o != ''
            AND rated < {until:DateTime64(3,'UTC')} AND rated >= subtractDays({from:DateTime64(3,'UTC')}, 4 * {days:UInt16})
    )
    ARRAY JOIN arrayFilter(x -> x.2 != '', ks) AS k
    GROUP BY org, k
    HAVING notEmpty(starts) OR notEmpty(taken_back)
)
ARRAY JOIN arrayConcat(starts, taken_back) AS start
WHERE start >= subtractDays({from:DateTime64(3,'UTC')}, 2 * {days:UInt16})

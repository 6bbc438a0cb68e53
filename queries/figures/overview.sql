-- purpose: The key figures of a place in one look at the ledger of movements: in all, by month, by the divisions below, by organisation, by channel.
-- grain: one row per figure, grouping and group; groups that count nothing are left out
-- param: level String = level of the divisions below: province, city, county, township or village; empty = none
-- param: below Bool ? = only the figures by the divisions below
-- column: figure String = number of the indicator
-- column: grouping String = what it is grouped by; empty = in all
-- column: name String = the group
-- column: numerator Int64 = numerator, or the count
-- column: denominator Int64 = denominator; 0 of a count
-- source: domain guide 5.4, 5.5 and 5.7
-- include: movements_then, instant_until
WITH
    t -> dateDiff('month', toDateTime64('1970-01-01 00:00:00', 3, 'Asia/Shanghai'), t, 'Asia/Shanghai') AS month_of,
    month_of(subtractMilliseconds({{instant_until}}, 1)) AS last_month,
    if(toUnixTimestamp64Milli({from:DateTime64(3,'UTC')}) = 0, 0, month_of({from:DateTime64(3,'UTC')})) AS first_month
SELECT
    figure,
    place.1 AS grouping,
    if(grouping = 'month', formatDateTime(addMonths(toDate32('1970-01-01'), toInt32(place.3)), '%Y-%m'), place.2) AS name,
    sum(num) AS numerator,
    sum(den) AS denominator
FROM
(
    SELECT
        c.1 AS figure, of_channel, of_region, of_org, begins, ends,
        sum(c.2) AS num, sum(c.3) AS den
    FROM
    (
        SELECT
            measure, facets, channel IN ('web', 'app', 'mini_program', 'auto') AS online,
            if(measure = 'applied' AND NOT {below:Bool}, channel, '') AS of_channel,
            if(measure IN ('applied', 'finished', 'stopped', 'overdue'), region_code, '') AS of_region,
            if(measure IN ('stopped', 'overdue') AND NOT {below:Bool}, org_code, '') AS of_org,
            -- a movement counts from its own month to that of its deciding instant, a stock to the last one
            if(measure IN ('applied', 'finished', 'stopped', 'overdue') AND NOT {below:Bool}, greatest(month_of(at), first_month), 1) AS begins,
            if(begins = 1, 0, if(behind_ms < 0, last_month, month_of(subtractMilliseconds(at, behind_ms)))) AS ends,
            sum(n) AS moved, sum(n * value) AS total
        FROM ({{movements_then}}) AS r
        WHERE measure IN ('applied', 'finished', 'stopped', 'overdue') OR NOT {below:Bool} AND measure IN ('accepted', 'open', 'ended', 'received', 'answered', 'late')
        GROUP BY measure, facets, online, of_channel, of_region, of_org, begins, ends
    )
    ARRAY JOIN multiIf(
        measure = 'applied', [('C01', moved, toInt64(0)), ('C07', if(online AND bitTest(facets, 0), moved, 0), if(bitTest(facets, 0), moved, 0))],
        measure = 'accepted', [('C02', moved, toInt64(0))],
        measure = 'finished', [('C03', moved, toInt64(0))],
        measure = 'open', [('C04', moved, toInt64(0))],
        measure = 'overdue', [('C05', moved, toInt64(0)), ('D01', toInt64(0), moved)],
        measure = 'stopped', [('D01', if(bitTest(facets, 1), moved, 0), if(bitTest(facets, 0), moved, 0))],
        measure = 'ended', [('D05', if(bitTest(facets, 2), total, 0), if(bitTest(facets, 2), moved, 0))],
        measure = 'received', [('F01', moved, toInt64(0))],
        measure = 'answered', [('F06', if(bitTest(facets, 0), moved, 0), moved)],
        [('F06', toInt64(0), moved)]) AS c
    GROUP BY figure, of_channel, of_region, of_org, begins, ends
) AS r
ANY LEFT JOIN (SELECT region_code AS place_code, path AS place_path FROM regions) AS p ON p.place_code = r.of_region
ARRAY JOIN arrayConcat(
    if({below:Bool}, [], [('', '', 0)]),
    if({level:String} = '' OR figure NOT IN ('C01', 'C03', 'C05', 'D01'), [], [({level:String}, multiIf(
        {level:String} = 'province', arrayFirst(c -> length(c) = 6 AND endsWith(c, '0000'), place_path),
        {level:String} = 'city', arrayFirst(c -> length(c) = 6 AND endsWith(c, '00') AND NOT endsWith(c, '0000'), place_path),
        {level:String} = 'county', arrayFirst(c -> length(c) = 6 AND NOT endsWith(c, '00'), place_path),
        {level:String} = 'township', arrayFirst(c -> length(c) = 9, place_path),
        arrayFirst(c -> length(c) = 12, place_path)), 0)]),
    if({below:Bool} OR figure != 'D01', [], [('org', toString(of_org), 0)]),
    if({below:Bool} OR figure != 'C01', [], [('channel', toString(of_channel), 0)]),
    if({below:Bool} OR figure NOT IN ('C01', 'C03', 'D01'), [], arrayMap(m -> ('month', '', m), range(toUInt64(begins), toUInt64(greatest(begins, ends + 1)))))) AS place
GROUP BY figure, grouping, name
HAVING numerator != 0 OR denominator != 0
ORDER BY figure, grouping, name

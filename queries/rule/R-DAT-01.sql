-- purpose: Late push: a source pushed facts more than 24 hours after they occurred; more than five per cent of a day's facts.
-- grain: one row per source, organisation and local day of pushing with a late fact
-- include: workdays
-- param: from DateTime64(3,'UTC') = beginning of the day
-- param: until DateTime64(3,'UTC') = end of the day
-- param: late_hours UInt16 = hours from the legal moment to the pushing
-- param: max_percent UInt16 = most per cent of late facts
-- param: min_facts UInt16 = fewest facts for a share
-- param: lookback_days UInt16 = days before that are judged again
-- source: domain guide 6.2, R-DAT-01; 2.6 "late push"; 5.3, B10
-- Decisions: a fact belongs to the local day on which it was pushed (emit_time), when
-- its lateness is known; one without emit_time says nothing. Facts in force of cases
-- and tickets count, by the organisation of the subject. The step is at the end of
-- the day; a notice is over at the end of the next, a card stays. States folded before
-- the days in question cannot hold a fact pushed in them and are not read.
WITH
{{workdays}},
subtractDays({from:DateTime64(3,'UTC')}, {lookback_days:UInt16}) AS since
SELECT
    source_sys, source_sys AS subject_no, concat(toString(day), '/', org) AS clock_no, org AS org_code, region AS region_code, '' AS task_code, '' AS window_id, '' AS staff_id,
    arrayFilter(s -> s.1 <= {until:DateTime64(3,'UTC')}, if(n >= {min_facts:UInt16} AND late * 100 > n * {max_percent:UInt16},
        [(addMilliseconds(day_end(day), 1), 'yellow')],
        [(addMilliseconds(day_end(day), 1), 'notice'), (addMilliseconds(day_end(addDays(day, 1)), 1), '')])) AS steps,
    NULL AS due_at,
    map('facts', toString(n), 'late', toString(late), 'late_percent', toString(floor(late * 100 / n, 1))) AS evidence
FROM
(
    SELECT toString(source_sys) AS source_sys, toString(org_code) AS org, local_day(assumeNotNull(pushed)) AS day, any(toString(region_code)) AS region,
        count() AS n, countIf(dateDiff('millisecond', at, assumeNotNull(pushed)) > {late_hours:UInt16} * 3600000) AS late
    FROM
    (
        SELECT source_sys, org_code, region_code, f_at, f_pushed_at FROM cases FINAL WHERE folded_at >= since AND NOT is_test
        UNION ALL
        SELECT source_sys, org_code, region_code, f_at, f_pushed_at FROM tickets FINAL WHERE folded_at >= since AND NOT is_test
    )
    ARRAY JOIN f_at AS at, f_pushed_at AS pushed
    WHERE isNotNull(pushed) AND pushed >= since AND pushed < {until:DateTime64(3,'UTC')}
    GROUP BY source_sys, org, day
)
WHERE late > 0

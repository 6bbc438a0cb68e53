-- purpose: Late push: a source pushed facts more than 24 hours after they occurred; more than five per cent of a day's facts.
-- grain: one row per source, organisation and local day of coming with a late fact
-- include: workdays
-- param: from DateTime64(3,'UTC') = beginning of the day
-- param: until DateTime64(3,'UTC') = end of the day
-- param: late_hours UInt16 = hours from the legal moment to the pushing
-- param: max_percent UInt16 = most per cent of late facts
-- param: min_facts UInt16 = fewest facts for a share
-- param: lookback_days UInt16 = days before that are judged again
-- source: domain guide 6.2, R-DAT-01; 2.6 "late push"; 5.3, B10
-- Decisions: what counts is the arrival (2.6, ingest − event), for it is not the source's
-- word, of a source that had begun to send cases or tickets when the fact occurred: it could have told it.
-- What is older than the source's first message is history that is being loaded; of that
-- counts when its source pushed it (emit_time), and without emit_time it says nothing. A
-- fact belongs to the local day on which it came so; it came when its event arrived first, as a later
-- revision is no late push. Facts in force of cases
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
    SELECT source_sys, org, local_day(assumeNotNull(came)) AS day, any(region) AS region,
        count() AS n, countIf(dateDiff('millisecond', at, assumeNotNull(came)) > {late_hours:UInt16} * 3600000) AS late
    FROM
    (
        SELECT toString(source_sys) AS source_sys, toString(org_code) AS org, toString(region_code) AS region, at,
            if(at >= begun, greatest(arrived, ifNull(pushed, arrived)), pushed) AS came
        FROM
        (
            SELECT source_sys, org_code, region_code, f_at, f_pushed_at, f_first_received_at FROM cases FINAL WHERE folded_at >= since AND NOT is_test
            UNION ALL
            SELECT source_sys, org_code, region_code, f_at, f_pushed_at, f_first_received_at FROM tickets FINAL WHERE folded_at >= since AND NOT is_test
        ) AS s
        ARRAY JOIN f_at AS at, f_pushed_at AS pushed, f_first_received_at AS arrived
        INNER JOIN (SELECT source_sys, min(received_at) AS begun FROM deliveries WHERE outcome = 'fact' AND topic IN ('case-events', 'hotline-tickets') GROUP BY source_sys) AS d ON d.source_sys = s.source_sys
    )
    WHERE isNotNull(came) AND came >= since AND came < {until:DateTime64(3,'UTC')}
    GROUP BY source_sys, org, day
)
WHERE late > 0

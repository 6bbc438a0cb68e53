-- Every alert that the ledger of a simulation expects, or that was announced, once: what each side says of it.
-- Reads the rows of the ledger from the table ledger_alerts that travels with the question (queries.WithTable).
-- What was announced is in the alerts; a rule that counts from arrivals may be due only later (an orphan after 72
-- hours), so what it has said is read, with the steps to come.
-- An alert is summed up as of the instant of the ledger: the gravest severity, since when, whether the last step has
-- one, and else when it ended. Where the ledger gives no instant a rule counts from arrivals: it is compared as it
-- stands, without instants; without a clock in the ledger the clock names the arrival, and is left out too.
-- Alerts without a source (organisations, items, work) belong to every ledger.
-- param: source String = source_sys of the ledger
-- param: as_of DateTime64(3,'UTC') = instant of the ledger
SELECT
    if(w.rule = '', g.rule, w.rule) AS rule, if(w.rule = '', g.subject_no, w.subject_no) AS subject_no, if(w.rule = '', g.clock_no, w.clock_no) AS clock_no,
    w.rule != '' AS wanted, g.rule != '' AS given,
    w.said AS want, g.said AS got, w.tolerance AS tolerance
FROM
(
    SELECT rule, subject_no, clock_no, tolerance,
        if(isNull(since), (severity, 0, active, 0), (severity, toUnixTimestamp64Milli(assumeNotNull(since)), active, ifNull(toUnixTimestamp64Milli(cleared_at), 0))) AS said
    FROM ledger_alerts
) AS w
FULL OUTER JOIN
(
    SELECT rule, subject_no, clock_no,
        if(arrival, (worst, 0, steps[-1].2 != '', 0),
            (worst, toUnixTimestamp64Milli(arrayFirst(s -> s.2 = worst, steps).1), steps[-1].2 != '', if(steps[-1].2 = '', toUnixTimestamp64Milli(steps[-1].1), 0))) AS said
    FROM
    (
        SELECT rule, subject_no, if(nameless, '', clock) AS clock_no, arrival,
            arrayFilter((s, last) -> s.1 <= last, announced, arrayResize([if(arrival, toDateTime64('2299-12-31 00:00:00', 3, 'UTC'), {as_of:DateTime64(3,'UTC')})], length(announced), if(arrival, toDateTime64('2299-12-31 00:00:00', 3, 'UTC'), {as_of:DateTime64(3,'UTC')}))) AS steps,
            if(has(steps.2, 'red'), 'red', if(has(steps.2, 'yellow'), 'yellow', if(has(steps.2, 'warning'), 'warning', if(has(steps.2, 'notice'), 'notice', '')))) AS worst
        FROM
        (
            SELECT rule, subject_no, clock, announced,
                rule IN (SELECT rule FROM ledger_alerts WHERE isNull(since)) AS arrival,
                rule IN (SELECT rule FROM ledger_alerts WHERE isNull(since) AND clock_no = '') AS nameless
            FROM
            (
                SELECT toString(rule_id) AS rule, subject_no, clock_no AS clock, arrayZip(announced_at, CAST(announced_severity, 'Array(String)')) AS announced
                FROM alerts FINAL
                WHERE source_sys IN ({source:String}, '') AND rule_id NOT IN (SELECT rule FROM ledger_alerts WHERE isNull(since))
                UNION ALL
                SELECT toString(rule_id) AS rule, subject_no, clock_no AS clock, arrayZip(step_at, CAST(step_severity, 'Array(String)')) AS announced
                FROM alert_chains FINAL
                WHERE source_sys IN ({source:String}, '') AND NOT gone AND rule_id IN (SELECT rule FROM ledger_alerts WHERE isNull(since))
            )
        )
    )
    WHERE worst != ''
) AS g ON w.rule = g.rule AND w.subject_no = g.subject_no AND w.clock_no = g.clock_no

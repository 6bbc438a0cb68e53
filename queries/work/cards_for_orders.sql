-- purpose: Find the cards that open a supervision order by themselves and are in none, in groups.
-- grain: one row per organisation, rule and local day of announcement
-- include: secret_subjects
-- param: after_version UInt64 = fold version up to which this was done
-- param: until_version UInt64 = … and is done now
-- param: rungs Array(String) = rule/severity of the cards that do
-- param: back_days UInt16 = a card that is announced longer after its instant is history, for which no order is opened
-- column: rule_id String = rule
-- column: org_code String = organisation; empty = nobody in particular
-- column: region_code String = division; empty = none
-- column: day Date = local day of announcement
-- column: mode String = rule/severity of one of the cards
-- column: alerts Array(String) = the cards, in the order of their ids
-- column: subjects Array(String) = what each is about, as kind/source_sys/number
-- source: domain guide 6.1, Ladder: N4 opens an order, one open order per organisation, rule and day
-- An alert's row has the version of the last entry of its history, so what changed
-- is found by it, and of that only the rungs asked for: a set of all alerts of a
-- first load would not fit into memory.
SELECT rule_id, org_code, any(region_code) AS region_code, day, any(mode) AS mode, groupArray(alert_id) AS alerts, groupArray(subject) AS subjects
FROM
(
    SELECT a.alert_id AS alert_id, toString(rule_id) AS rule_id, toString(org_code) AS org_code, toString(region_code) AS region_code,
        toDate(c.announced_at, 'Asia/Shanghai') AS day, concat(rule_id, '/', severity) AS mode, concat(subject_kind, '/', source_sys, '/', subject_no) AS subject
    FROM
    (
        SELECT * FROM alerts FINAL
        WHERE fold_version > {after_version:UInt64} AND fold_version <= {until_version:UInt64} AND has({rungs:Array(String)}, concat(rule_id, '/', severity))
            AND state IN ('issued', 'acked', 'fed_back', 'appealed', 'upheld') AND trimBoth(org_code) != ''
            -- an organisation hears of what is secret only where it has to act on it; about the
            -- rest the supervision office writes itself, in its own words
            AND ((toString(subject_kind), toString(source_sys), subject_no) NOT IN ({{secret_subjects}})
                OR subject_kind = 'rating' OR subject_kind = 'ticket' AND splitByChar('/', clock_no)[1] IN ('T3', 'T5', 'T8'))
    ) AS a
    INNER JOIN
    (
        -- when each was announced, or announced again, last
        SELECT alert_id, maxIf(recorded_at, event IN ('raised', 'upgraded', 'confirm', 'reopen')) AS announced_at
        FROM alert_events FINAL
        WHERE alert_id IN (SELECT alert_id FROM alerts WHERE fold_version > {after_version:UInt64} AND fold_version <= {until_version:UInt64} AND has({rungs:Array(String)}, concat(rule_id, '/', severity)))
        GROUP BY alert_id
    ) AS c ON c.alert_id = a.alert_id
    WHERE c.announced_at <= addDays(severity_at, {back_days:UInt16})
        AND a.alert_id NOT IN (SELECT arrayJoin(alerts) FROM work_items FINAL WHERE kind = 'order' AND state != 'revoked')
    ORDER BY alert_id
)
GROUP BY rule_id, org_code, day
ORDER BY rule_id, org_code, day

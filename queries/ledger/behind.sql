-- purpose: Which rules over hours and days have not judged every period that a ledger needs.
-- grain: one row per rule that is behind
-- param: rules Array(String) = rules as ID@version that have to be judged up to the instant of the ledger
-- param: arrivals Array(String) = rules that have to be judged up to the last arrival
-- param: days Array(String) = those of both that are over days
-- param: months Array(String) = those of the first that look at closed months
-- param: until DateTime64(3,'UTC') = the instant of the ledger
-- param: source String = source_sys of the ledger
-- column: rule String = ID@version
-- column: judged Nullable(DateTime64(3,'UTC')) = the end of the last period that was judged; null = none was
-- column: needed DateTime64(3,'UTC') = up to when periods have to be judged
-- A mark begins with the instant; true behind it says that past days are being judged again. Days that late facts
-- touched (periods touched) are judged again by the rules over days once they were gathered.
SELECT r.rule AS rule, if(m.value = '', NULL, parseDateTime64BestEffortOrNull(splitByChar(' ', m.value)[1], 3, 'UTC')) AS judged, r.needed AS needed
FROM
(
    SELECT arrayJoin({rules:Array(String)}) AS rule,
        if(rule IN {months:Array(String)}, toDateTime64(toStartOfMonth(toTimeZone({until:DateTime64(3,'UTC')}, 'Asia/Shanghai')), 3, 'Asia/Shanghai'), {until:DateTime64(3,'UTC')}) AS needed
    UNION ALL
    SELECT arrayJoin({arrivals:Array(String)}) AS rule, (SELECT max(received_at) FROM deliveries WHERE source_sys = {source:String} AND topic != 'actions') AS needed
) AS r
LEFT JOIN (SELECT substring(name, length('periods of ') + 1) AS rule, value FROM fold_marks FINAL WHERE startsWith(name, 'periods of ')) AS m ON m.rule = r.rule
WHERE isNull(judged) OR judged < needed OR splitByChar(' ', m.value)[2] = 'true'
    OR r.rule IN {days:Array(String)} AND (SELECT count() FROM fold_marks FINAL WHERE name = 'periods touched' AND value != 'none') > 0
    OR r.rule IN {days:Array(String)} AND position(m.value, ' ') > 0 AND NOT endsWith(m.value, (SELECT max(value) FROM fold_marks FINAL WHERE name = 'periods again'))
ORDER BY rule

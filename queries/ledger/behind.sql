-- purpose: Which rules over hours and days have not judged every period that a ledger needs, and from when on they can have.
-- grain: one row per rule that is behind
-- param: rules Array(String) = rules over hours and days, as ID@version
-- param: periods Array(String) = hour, day or month: what each of them is asked about
-- param: arrivals Array(String) = those that count from arrivals: they have to be judged up to the last one, not up to the instant of the ledger
-- param: holds Array(UInt64) = milliseconds that each waits after a period
-- param: until DateTime64(3,'UTC') = the instant of the ledger
-- param: source String = source_sys of the ledger
-- column: rule String = ID@version
-- column: judged Nullable(DateTime64(3,'UTC')) = the end of the last period that was judged; null = none was
-- column: needed Nullable(DateTime64(3,'UTC')) = up to when periods have to be judged
-- column: possible Nullable(DateTime64(3,'UTC')) = when the period of that instant is over, and what the rule waits after it: no engine judges it before
-- While a rule is rejudging, past days are judged again. Days that late facts touched (periods touched) are judged again
-- by the rules over days once they were gathered (periods again), and each rule notes which of them it has taken up.
-- Programs before JSON wrote the instant, whether past days are being judged again, numbers, and last the four of the
-- late facts that were taken up; the earliest wrote the instant alone.
-- Rules about hours look at arrivals and at what people did: what was done by the instant of the ledger, and what the
-- product opened for them, arrives and is recorded later than that.
WITH
late -> [JSONExtractInt(late, 'day_s'), JSONExtractInt(late, 'lag_ms'), JSONExtractInt(late, 'since_ms'), JSONExtractInt(late, 'last_ms')] AS late_of,
text -> arrayMap(part -> toInt64OrZero(part), arraySlice(splitByChar(' ', text), -4)) AS late_of_text,
v -> if(startsWith(v, '{'), late_of(v), late_of_text(v)) AS late_facts,
v -> if(startsWith(v, '{'), late_of(JSONExtractRaw(v, 'taken_up')), late_of_text(v)) AS taken_up,
(SELECT max(late_facts(value)) FROM fold_marks FINAL WHERE name = 'periods touched') AS touched,
(SELECT max(late_facts(value)) FROM fold_marks FINAL WHERE name = 'periods again') AS again,
(SELECT max(received_at) FROM deliveries WHERE source_sys = {source:String} AND topic != 'actions') AS facts,
greatest(facts,
    (SELECT max(received_at) FROM actions WHERE occurred_at <= {until:DateTime64(3,'UTC')}),
    (SELECT max(recorded_at) FROM work_events WHERE effective_at <= {until:DateTime64(3,'UTC')})) AS work
SELECT rule, judged, needed, possible
FROM
(
    SELECT r.1 AS rule, r.2 AS period, r.1 IN {arrivals:Array(String)} AS arrival, m.value AS value,
        if(value = '', NULL, parseDateTime64BestEffortOrNull(if(startsWith(value, '{'), JSONExtractString(value, 'up_to'), splitByChar(' ', value)[1]), 3, 'UTC')) AS judged,
        multiIf(period = 'hour', work, arrival, facts,
            period = 'month', toTimeZone(toDateTime64(toStartOfMonth(toTimeZone({until:DateTime64(3,'UTC')}, 'Asia/Shanghai')), 3, 'Asia/Shanghai'), 'UTC'), {until:DateTime64(3,'UTC')}) AS needed,
        multiIf(
            period = 'month', needed,
            period = 'hour', toTimeZone(addHours(toStartOfHour(needed), 1), 'UTC'),
            NOT arrival AND toStartOfDay(toTimeZone(needed, 'Asia/Shanghai')) = needed, needed,
            toTimeZone(toDateTime64(addDays(toDate32(needed, 'Asia/Shanghai'), 1), 3, 'Asia/Shanghai'), 'UTC')) AS period_end,
        addMilliseconds(toDateTime64(period_end, 3, 'UTC'), r.3) AS possible
    FROM (SELECT arrayJoin(arrayZip({rules:Array(String)}, {periods:Array(String)}, {holds:Array(UInt64)})) AS r) AS asked
    LEFT JOIN (SELECT substring(name, length('periods of ') + 1) AS rule, value FROM fold_marks FINAL WHERE startsWith(name, 'periods of ')) AS m ON m.rule = r.1
)
WHERE isNull(judged) OR judged < needed OR judged = needed AND (arrival OR period = 'hour')
    OR if(startsWith(value, '{'), JSONExtractBool(value, 'rejudging'), splitByChar(' ', value)[2] = 'true')
    OR period != 'hour' AND arrayExists(n -> n != 0, touched)
    OR period != 'hour' AND position(value, ' ') + position(value, ',') > 0 AND arrayExists(n -> n != 0, again) AND taken_up(value) != again
ORDER BY rule

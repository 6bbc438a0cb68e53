-- purpose: Up to when steps of alerts were announced, and when the last fact of a source arrived.
-- grain: one row; 1970 when none ever were
-- param: source String = source_sys
-- column: looked_at DateTime64(3,'UTC') = the watermark of the last look that was noted, every ten seconds
-- column: all_told Nullable(Bool) = it was of everything that rules over hours and days had judged: a note has the version up to which was looked
-- column: arrived_at Nullable(DateTime64(3,'UTC')) = arrival of its last message; actions are not the source's
-- Programs before JSON wrote a version and an instant, parted by a blank.
SELECT toTimeZone(fromUnixTimestamp64Milli(if(startsWith(max(value) AS note, '{'), JSONExtractInt(note, 'until_ms'),
        toInt64OrZero(splitByChar(' ', note)[-1]))), 'UTC') AS looked_at,
    toBool(if(startsWith(note, '{'), JSONExtractUInt(note, 'version'), toUInt64OrZero(splitByChar(' ', note)[1]))
        >= (SELECT max(fold_version) FROM fold_marks FINAL WHERE startsWith(name, 'periods of '))) AS all_told,
    (SELECT max(received_at) FROM deliveries WHERE source_sys = {source:String} AND topic != 'actions') AS arrived_at
FROM fold_marks FINAL
WHERE name = 'alerts_looked'

-- purpose: Up to when steps of alerts were announced.
-- grain: one row; 1970 when none ever were
-- column: looked_at DateTime64(3,'UTC') = the watermark of the last look that was noted, every ten seconds
SELECT toTimeZone(fromUnixTimestamp64Milli(toInt64OrZero(splitByChar(' ', max(value))[-1])), 'UTC') AS looked_at
FROM fold_marks FINAL
WHERE name = 'alerts_looked'

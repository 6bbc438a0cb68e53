-- purpose: Which rules over hours and days have not judged the periods up to an instant yet.
-- grain: one row per rule that is behind
-- param: rules Array(String) = rules over hours and days, as ID@version
-- param: until DateTime64(3,'UTC') = the instant
-- column: rule String = ID@version
-- column: judged Nullable(DateTime64(3,'UTC')) = the end of the last period that was judged; null = none was
SELECT r.rule AS rule, if(m.value = '', NULL, parseDateTime64BestEffortOrNull(m.value, 3, 'UTC')) AS judged
FROM (SELECT arrayJoin({rules:Array(String)}) AS rule) AS r
LEFT JOIN (SELECT substring(name, length('periods of ') + 1) AS rule, value FROM fold_marks FINAL WHERE startsWith(name, 'periods of ')) AS m ON m.rule = r.rule
WHERE isNull(judged) OR judged < {until:DateTime64(3,'UTC')}
ORDER BY rule

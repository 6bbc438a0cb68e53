-- The verdict in force per source and kind as of an instant: the last one reached by
-- then; where there is none, the first one reached later (reached_later).
-- param: as_of DateTime64(3,'UTC') = the instant the figure is asked for
SELECT *, as_of > {as_of:DateTime64(3,'UTC')} AS reached_later
FROM risk_backtests FINAL
WHERE age_hours = -1
ORDER BY reached_later, abs(toUnixTimestamp64Milli(as_of) - toUnixTimestamp64Milli({as_of:DateTime64(3,'UTC')}))
LIMIT 1 BY source_sys, kind

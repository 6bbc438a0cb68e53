-- purpose: Count the stored days of a calendar version.
-- grain: one row
-- param: version String = calendar version
-- column: days UInt64 = stored days
SELECT uniqExact(day) AS days FROM calendar_days WHERE version = {version:String}

-- purpose: Put a version of the calendar into force.
-- grain: one row
-- param: put_at DateTime64(3,'UTC') = when
-- param: version String = which
-- param: put_by String = by whom
-- param: reason String = why
INSERT INTO calendar_in_force (put_at, version, put_by, reason)
SELECT {put_at:DateTime64(3,'UTC')}, {version:String}, {put_by:String}, {reason:String}

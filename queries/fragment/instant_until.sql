-- The first instant after the asked period, as known at as_of: `to`, or the
-- instant after as_of when no end is given or the end has not come yet.
-- param: to DateTime64(3,'UTC') ? = first instant after the period; nothing = up to as_of
-- param: as_of DateTime64(3,'UTC') = the instant the figure is asked for; facts that occurred later do not exist yet
least(if(toUnixTimestamp64Milli({to:DateTime64(3,'UTC')}) = 0, addMilliseconds({as_of:DateTime64(3,'UTC')}, 1), {to:DateTime64(3,'UTC')}), addMilliseconds({as_of:DateTime64(3,'UTC')}, 1))

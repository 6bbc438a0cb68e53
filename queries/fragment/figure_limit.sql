-- The instant before which movements have come, in half milliseconds: the end of the asked period,
-- or the instant after as_of where that has not come yet.
-- param: to DateTime64(3,'UTC') ? = first instant after the period; nothing = up to as_of
-- param: as_of DateTime64(3,'UTC') = the instant the figure is asked for; facts that occurred later do not exist yet
CAST(if(toUnixTimestamp64Milli({to:DateTime64(3,'UTC')}) = 0 OR {to:DateTime64(3,'UTC')} > {as_of:DateTime64(3,'UTC')},
    addMicroseconds(toDateTime64({as_of:DateTime64(3,'UTC')}, 6, 'UTC'), 500), toDateTime64({to:DateTime64(3,'UTC')}, 6, 'UTC')), 'DateTime64(4, \'UTC\')')

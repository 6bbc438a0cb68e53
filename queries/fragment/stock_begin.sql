-- From when a stock, such as the items in force, is asked period by period: the beginning
-- that the question gives, else three years back.
-- param: from DateTime64(3,'UTC') ? = first instant of the period; nothing = from the beginning
-- param: as_of DateTime64(3,'UTC') = the instant the figure is asked for; facts that occurred later do not exist yet
greatest({from:DateTime64(3,'UTC')}, if(toUnixTimestamp64Milli({from:DateTime64(3,'UTC')}) = 0, subtractYears({as_of:DateTime64(3,'UTC')}, 3), {from:DateTime64(3,'UTC')}))

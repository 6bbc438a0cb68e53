-- Terms that work_pieces uses, for a WITH clause.
-- epoch: the instant that stands for "none"; due_said(p): the due that a payload sets, a date for the end of that day, else epoch
toDateTime64('1970-01-01 00:00:00', 3, 'UTC') AS epoch,
p -> if(length(JSONExtractString(p, 'due')) = 10,
    toTimeZone(addMilliseconds(toDateTime64(addDays(toDate32OrDefault(JSONExtractString(p, 'due'), toDate32('1970-01-01')), 1), 3, 'Asia/Shanghai'), -1), 'UTC'),
    ifNull(parseDateTime64BestEffortOrNull(JSONExtractString(p, 'due'), 3, 'UTC'), toDateTime64('1970-01-01 00:00:00', 3, 'UTC'))) AS due_said

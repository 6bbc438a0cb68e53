-- What the rules about deadlines share, to be put into a WITH clause after
-- workdays. Instants are UTC, days are Date32 in Asia/Shanghai.
-- forever: stands for "with no end"
-- after(t): the first instant after t
-- published(a, b): can no notice of the State Council that is still to come change a
--   day x with a < x <= b (of one day alone: that day)? What hangs on a day that can
--   still change is not said (domain guide 6.1, Suppression); it comes with the notice,
--   which makes a new version of the calendar. (Lambdas are written out where they are
--   used: a list of one element gives a and b names instead.)
-- latest(a, b): the last day to which such a notice may move the working day b of a
--   count that began after day a; b itself where it cannot (calendar.Latest)
-- surely(a, b, t): the instant t, which follows from day b of such a count, as late as a
--   notice may move it: from then on the step holds whatever the notice says; forever
--   where the calendar ends before
-- reached(steps, stop): those of the steps that ever come and came while the clock
--   ran; one that stopped at the very instant of a step was late for it
-- spans(starts, ends, severity): steps of a severity that holds in each [start, end);
--   spans are ascending and do not overlap, those that touch are one
-- over_soon(steps, stop): the steps of a clock that can be cleared by itself: what was
--   only a warning when the clock stopped is over then (mode A)
-- instance(clock, no): clock_no of a clock that may run several times; '' is the first
-- include: workdays
toDateTime64('2299-12-31 00:00:00', 3, 'UTC') AS forever,
(SELECT groupArray(n) FROM (SELECT toInt32(sum(provisional) OVER (ORDER BY day ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)) AS n FROM calendar_days FINAL WHERE version = {calendar:String} ORDER BY day)) AS wd_unpublished,
(SELECT groupArray(n) FROM (SELECT toInt32(sum(is_workday AND NOT may_be_off) OVER (ORDER BY day ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)) AS n FROM calendar_days FINAL WHERE version = {calendar:String} ORDER BY day)) AS wd_sure,
(SELECT groupArray(day) FROM (SELECT day FROM calendar_days FINAL WHERE version = {calendar:String} AND is_workday AND NOT may_be_off ORDER BY day)) AS wd_sure_days,
toDate32('2299-12-31') AS never,
t -> addMilliseconds(t, 1) AS after,
(a, b) -> arrayExists((x, y) -> x > wd_first AND y >= x AND dateDiff('day', wd_first, y) < length(wd_unpublished)
    AND wd_unpublished[dateDiff('day', wd_first, y) + 1] = wd_unpublished[dateDiff('day', wd_first, x) + toInt32(x != y)], [a], [b]) AS published,
(a, b) -> arrayMap((x, y) -> if(x <= wd_first OR y <= x OR dateDiff('day', wd_first, y) >= length(wd_index), never,
    arrayMap((n, k) -> multiIf(n <= 0, y, k > length(wd_sure_days), never, greatest(y, wd_sure_days[k])),
        [wd_of(y) - wd_of(x)], [wd_sure[dateDiff('day', wd_first, x) + 1] + wd_of(y) - wd_of(x)])[1]), [addDays(a, -toInt32(a = b))], [b])[1] AS latest,
(a, b, t) -> arrayMap((from, until, last) -> if(last >= never, forever, addDays(from, dateDiff('day', until, last))), [t], [b], [latest(a, b)])[1] AS surely,
(steps_given, stop) -> arrayFilter(s -> s.1 < forever AND (isNull(stop) OR s.1 <= assumeNotNull(stop)), steps_given) AS reached,
(starts, ends, severity) -> arraySort(s -> s.1, arrayConcat(
    arrayMap(x -> (x, severity), arrayFilter(x -> NOT has(ends, x), starts)),
    arrayMap(x -> (x, ''), arrayFilter(x -> x < forever AND NOT has(starts, x), ends)))) AS spans,
(steps_given, stop) -> arrayMap((s, at) -> if(isNull(at) OR empty(s) OR s[-1].2 NOT IN ('notice', 'warning'), s,
    if(s[-1].1 < assumeNotNull(at), arrayPushBack(s, (assumeNotNull(at), '')), arrayResize(s, 0))), [steps_given], [stop])[1] AS over_soon,
(name, no) -> if(no = 1, '', concat(name, '/', toString(no))) AS instance

-- What the rules about deadlines share, to be put into a WITH clause after
-- workdays. Instants are UTC, days are Date32 in Asia/Shanghai.
-- forever: stands for "with no end"
-- after(t): the first instant after t
-- published(a, b): does a State Council notice decide every day x with a < x <= b
--   (of one day alone: that day)? A step that hangs on a day that no notice
--   decides yet is left out (domain guide 6.1, Suppression); it comes with the
--   notice, which makes a new version of the calendar. (Lambdas are written out where
--   they are used: a list of one element gives a and b names instead.)
-- reached(steps, stop): those of the steps that came while the clock ran; one that
--   stopped at the very instant of a step was late for it
-- spans(starts, ends, severity): steps of a severity that holds in each [start, end);
--   spans are ascending and do not overlap, those that touch are one
-- over_soon(steps, stop): the steps of a clock that can be cleared by itself: what was
--   only a warning when the clock stopped is over then (mode A)
-- instance(clock, no): clock_no of a clock that may run several times; '' is the first
-- include: workdays
toDateTime64('2299-12-31 00:00:00', 3, 'UTC') AS forever,
(SELECT groupArray(n) FROM (SELECT toInt32(sum(provisional) OVER (ORDER BY day ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)) AS n FROM calendar_days FINAL WHERE version = {calendar:String} ORDER BY day)) AS wd_unpublished,
t -> addMilliseconds(t, 1) AS after,
(a, b) -> arrayExists((x, y) -> x > wd_first AND y >= x AND dateDiff('day', wd_first, y) < length(wd_unpublished)
    AND wd_unpublished[dateDiff('day', wd_first, y) + 1] = wd_unpublished[dateDiff('day', wd_first, x) + toInt32(x != y)], [a], [b]) AS published,
(steps_given, stop) -> arrayFilter(s -> isNull(stop) OR s.1 <= assumeNotNull(stop), steps_given) AS reached,
(starts, ends, severity) -> arraySort(s -> s.1, arrayConcat(
    arrayMap(x -> (x, severity), arrayFilter(x -> NOT has(ends, x), starts)),
    arrayMap(x -> (x, ''), arrayFilter(x -> x < forever AND NOT has(starts, x), ends)))) AS spans,
(steps_given, stop) -> arrayMap((s, at) -> if(isNull(at) OR empty(s) OR s[-1].2 NOT IN ('notice', 'warning'), s,
    if(s[-1].1 < assumeNotNull(at), arrayPushBack(s, (assumeNotNull(at), '')), arrayResize(s, 0))), [steps_given], [stop])[1] AS over_soon,
(name, no) -> if(no = 1, '', concat(name, '/', toString(no))) AS instance

-- Day arithmetic of the law (domain guide 2.4), to be put into a WITH clause: the
-- same answers as package calendar gives. Days are Date32 in Asia/Shanghai.
-- local_day(t), day_start(d), day_end(d): the day of an instant, its first and last instant
-- add_wd(d, n): n-th working day strictly after d; n = 0: d if it is one, else the next
-- count_wd(a, b): working days x with a < x <= b; 0 when b <= a
-- wd_before(d, n): the working day n working days before the working day d
-- is_wd(d): is d a working day
-- param: calendar String = version of the calendar
(SELECT groupArray(workday_index) FROM (SELECT workday_index FROM calendar_days FINAL WHERE version = {calendar:String} ORDER BY day)) AS wd_index,
(SELECT groupArray(day) FROM (SELECT day FROM calendar_days FINAL WHERE version = {calendar:String} AND is_workday ORDER BY day)) AS wd_days,
assumeNotNull((SELECT min(day) FROM calendar_days WHERE version = {calendar:String})) AS wd_first,
t -> toDate32(t, 'Asia/Shanghai') AS local_day,
d -> toTimeZone(toDateTime64(d, 3, 'Asia/Shanghai'), 'UTC') AS day_start,
d -> toTimeZone(addMilliseconds(toDateTime64(addDays(d, 1), 3, 'Asia/Shanghai'), -1), 'UTC') AS day_end,
d -> wd_index[dateDiff('day', wd_first, d) + 1] AS wd_of,
d -> wd_days[wd_of(d)] = d AS is_wd,
(d, n) -> wd_days[wd_of(addDays(d, -toInt32(n = 0))) + greatest(n, 1)] AS add_wd,
(d, n) -> wd_days[wd_of(d) - n] AS wd_before,
(a, b) -> greatest(wd_of(b) - wd_of(a), 0) AS count_wd

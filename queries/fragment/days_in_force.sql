-- Day arithmetic of the law (domain guide 2.4) by the calendar in force, for a WITH clause; the
-- names are those of workdays. Without a calendar wd_days is empty.
-- param: as_of DateTime64(3,'UTC') = the instant the figure is asked for; facts that occurred later do not exist yet
(SELECT if(max(put_at) = toDateTime64(0, 3, 'UTC'), (SELECT max(version) FROM calendar_days), argMax(version, put_at)) FROM calendar_in_force WHERE put_at <= {as_of:DateTime64(3,'UTC')}) AS calendar_now,
(SELECT groupArray(workday_index) FROM (SELECT workday_index FROM calendar_days FINAL WHERE version = calendar_now ORDER BY day)) AS wd_index,
(SELECT groupArray(day) FROM (SELECT day FROM calendar_days FINAL WHERE version = calendar_now AND is_workday ORDER BY day)) AS wd_days,
assumeNotNull((SELECT min(day) FROM calendar_days WHERE version = calendar_now)) AS wd_first,
t -> toDate32(t, 'Asia/Shanghai') AS local_day,
d -> toTimeZone(addMilliseconds(toDateTime64(addDays(d, 1), 3, 'Asia/Shanghai'), -1), 'UTC') AS day_end,
d -> wd_index[dateDiff('day', wd_first, d) + 1] AS wd_of,
(d, n) -> wd_days[wd_of(addDays(d, -toInt32(n = 0))) + greatest(n, 1)] AS add_wd,
(a, b) -> greatest(wd_of(b) - wd_of(a), 0) AS count_wd

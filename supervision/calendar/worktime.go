package calendar

// WorkTime returns how much of the time from a to b (Unix milliseconds) lies
// on working days, in milliseconds; 0 when b <= a.
func (c *Calendar) WorkTime(a, b int64) int64 {
	if b <= a {
		return 0
	}
	da, db := DayOf(a), DayOf(b)
	if da == db {
		if c.IsWorkday(da) {
			return b - a
		}
		return 0
	}
	ms := int64(c.CountWD(da, db-1)) * msPerDay
	if c.IsWorkday(da) {
		ms += (da + 1).Start() - a
	}
	if c.IsWorkday(db) {
		ms += b - db.Start()
	}
	return ms
}

// OpenTime returns how long the hall is open from a to b (Unix milliseconds), in
// milliseconds; 0 when b <= a. Days beyond twenty years are not counted.
func (c *Calendar) OpenTime(a, b int64, rule DueRule) int64 {
	if len(rule.Hours) == 0 {
		rule.Hours = DefaultDueRule().Hours
	}
	ms := int64(0)
	for day, last := DayOf(a), min(DayOf(b), DayOf(a)+maxHallDays); day <= last; day++ {
		for _, o := range c.openings(rule, day) {
			from, to := max(a, day.Start()+int64(o.From)*msPerMinute), min(b, day.Start()+int64(o.To)*msPerMinute)
			ms += max(0, to-from)
		}
	}
	return ms
}

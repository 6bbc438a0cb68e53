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

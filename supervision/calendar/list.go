package calendar

import "iter"

// DayInfo is what the calendar says about one day.
type DayInfo struct {
	Day     Day
	Workday bool
	// Index is the number of working days from the first day of Days through
	// this one; CountWD(a, b) = Index(b) - Index(a) for a <= b.
	Index int32
	// Sure is the number of days from the first day of Days through this one that
	// work whatever a notice still to come says.
	Sure        int32
	Provisional bool
	// Name is the holiday under which a notice lists the day, or empty.
	Name string
}

// Info returns what the calendar says about a day.
func (c *Calendar) Info(d Day) DayInfo {
	info := DayInfo{Day: d, Workday: c.IsWorkday(d), Index: int32(c.index(d)), Provisional: c.Provisional(d), Name: c.names[d]}
	switch {
	case d > c.last:
		info.Sure = c.sure[len(c.sure)-1]
	case d >= c.first:
		info.Sure = c.sure[d-c.first]
	}
	return info
}

// Days yields every day of the tables in order: three years before the first
// published year through three years after the last one, and through 2035 at
// least.
func (c *Calendar) Days() iter.Seq[DayInfo] {
	return func(yield func(DayInfo) bool) {
		for d := c.first; d <= c.last; d++ {
			if !yield(c.Info(d)) {
				return
			}
		}
	}
}

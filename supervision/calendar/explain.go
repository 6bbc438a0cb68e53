package calendar

import "fmt"

// Reason says why a day is a working day or not.
type Reason string

// The reasons. ReasonMakeUp is a weekend day that a notice makes a working day,
// ReasonHoliday a day off that a notice names.
const (
	ReasonWorkday Reason = "workday"
	ReasonMakeUp  Reason = "make_up_workday"
	ReasonWeekend Reason = "weekend"
	ReasonHoliday Reason = "holiday"
)

// Reason returns why a day is a working day or not.
func (c *Calendar) Reason(d Day) Reason {
	switch work := c.IsWorkday(d); {
	case work && isMondayToFriday(d):
		return ReasonWorkday
	case work:
		return ReasonMakeUp
	case c.names[d] != "":
		return ReasonHoliday
	default:
		return ReasonWeekend
	}
}

// Role is the part that a day plays in a count.
type Role string

// The roles. RoleStart is the day of the start, which does not count (but for
// immediate items and hours); RoleSkipped a day that does not count; RoleRolled
// the working day to which a limit that ended on a day off was moved; RoleAdded
// a working day that an extension or a pause adds.
const (
	RoleStart   Role = "start"
	RoleCounted Role = "counted"
	RoleSkipped Role = "skipped"
	RoleRolled  Role = "rolled"
	RoleAdded   Role = "added"
)

// CountedDay is one day of a count.
type CountedDay struct {
	DayInfo
	Reason Reason
	Role   Role
	// N is how many days have counted through this one, extra days included.
	N int32
}

// maxListed bounds a listing of days: ten years.
const maxListed = 3660

// ExplainCount lists the days x with a < x <= b, and a itself as start, with
// the number of working days among them. It refuses spans over ten years.
func (c *Calendar) ExplainCount(a, b Day) (int32, []CountedDay, error) {
	if b-a > maxListed {
		return 0, nil, fmt.Errorf("list days from %s to %s: longer than %d days", a, b, maxListed)
	}
	days := []CountedDay{c.counted(a, RoleStart, 0)}
	var n int32
	for d := a + 1; d <= b; d++ {
		role := RoleSkipped
		if c.IsWorkday(d) {
			role, n = RoleCounted, n+1
		}
		days = append(days, c.counted(d, role, n))
	}
	return n, days, nil
}

// ExplainDue returns what Due returns and why: every day from the start to the
// due day with the part it plays. It refuses spans over ten years.
func (c *Calendar) ExplainDue(start int64, limit Limit, extra int32, rule DueRule) (Due, []CountedDay, error) {
	due := c.Due(start, limit, extra, rule)
	from := DayOf(start)
	if due.Day-from > maxListed {
		return due, nil, fmt.Errorf("list days from %s to %s: longer than %d days", from, due.Day, maxListed)
	}
	base := c.Due(start, limit, 0, rule).Day // without the extra days
	end := base                              // and without rolling forward
	if limit.N > 0 && (limit.Unit == CalendarDays || limit.Unit == Months) {
		plain := limit
		plain.RollForward = false
		end = c.Due(start, plain, 0, rule).Day
	}
	calendarDays := limit.N > 0 && (limit.Unit == CalendarDays || limit.Unit == Months)
	startCounts := (limit.N <= 0 && base == from) || (limit.N > 0 && limit.Unit == HallHours && c.IsWorkday(from))
	var days []CountedDay
	var n int32
	for d := from; d <= due.Day; d++ {
		role := RoleSkipped
		switch {
		case d == from && !startCounts:
			role = RoleStart
		case d > base:
			if c.IsWorkday(d) {
				role = RoleAdded
			}
		case d > end:
			if d == base {
				role = RoleRolled
			}
		case calendarDays || c.IsWorkday(d):
			role = RoleCounted
		}
		if role == RoleCounted || role == RoleAdded {
			n++
		}
		days = append(days, c.counted(d, role, n))
	}
	return due, days, nil
}

func (c *Calendar) counted(d Day, role Role, n int32) CountedDay {
	return CountedDay{DayInfo: c.Info(d), Reason: c.Reason(d), Role: role, N: n}
}

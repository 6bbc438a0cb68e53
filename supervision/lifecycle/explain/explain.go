// Package explain tells of a clock, day by day, what counted and why: what a page
// shows to somebody who doubts a due day. It is pure and reads states as the fold
// made them.
package explain

import (
	"fmt"

	"duban/supervision/calendar"
	"duban/supervision/lifecycle"
)

// Role is the part that a day plays in the life of a clock.
type Role string

// The roles. Start is the day of the start, which does not count; Off a
// day that is no working day; Paused a working day that a pause takes out.
const (
	Start   Role = "start"
	Counted Role = "counted"
	Paused  Role = "paused"
	Off     Role = "off"
)

// Day is one day in the life of a clock and why it counted or not.
type Day struct {
	calendar.DayInfo
	// Reason is why the day is a working day or not.
	Reason calendar.Reason
	Role   Role
	// Pause and Detail tell which pause took the day out.
	Pause  lifecycle.PauseKind
	Detail string
	// Used is how many days have counted through this one.
	Used int32
	// Due and Stop mark the day of the due moment and that of the stop.
	Due  bool
	Stop bool
}

// maxExplained bounds a listing: ten years.
const maxExplained = 3660

// Days lists every day from the start of a clock through its due day,
// its stop or, while it runs, the day of an instant, whichever is last. pauses
// are those of the state; they matter for the clocks that pause (K3, K4, K6,
// T5, T8). Clocks in calendar days and months count days off too. It refuses
// spans over ten years.
func Days(k lifecycle.Clock, pauses []lifecycle.Pause, cal *calendar.Calendar, at int64) ([]Day, error) {
	start := calendar.DayOf(k.StartAt)
	end := start
	if k.DueAt != 0 {
		end = max(end, calendar.DayOf(k.DueAt))
	}
	if k.StopAt != 0 {
		end = max(end, calendar.DayOf(k.StopAt))
	} else {
		end = max(end, calendar.DayOf(min(at, lifecycle.Still)))
	}
	if end-start > maxExplained {
		return nil, fmt.Errorf("explain clock %s from %s to %s: longer than %d days", k.Clock, start, end, maxExplained)
	}
	switch k.Clock {
	case "K3", "K4", "K6", "T5", "T8":
	default:
		pauses = nil
	}
	everyDay := k.Unit == string(calendar.CalendarDays) || k.Unit == string(calendar.Months)
	out := make([]Day, 0, end-start+1)
	used := int32(0)
	for d := start; d <= end; d++ {
		x := Day{DayInfo: cal.Info(d), Reason: cal.Reason(d), Role: Off}
		pause := pauseOf(pauses, d)
		switch {
		case d == start:
			x.Role = Start
		case !x.Workday && !everyDay:
		case pause != nil:
			x.Role, x.Pause, x.Detail = Paused, pause.Kind, pause.Detail
		default:
			x.Role = Counted
			used++
		}
		x.Used = used
		x.Due = k.DueAt != 0 && calendar.DayOf(k.DueAt) == d
		x.Stop = k.StopAt != 0 && calendar.DayOf(k.StopAt) == d
		out = append(out, x)
	}
	return out, nil
}

// pauseOf returns the first pause whose day set holds d.
func pauseOf(pauses []lifecycle.Pause, d calendar.Day) *lifecycle.Pause {
	for i := range pauses {
		from, to := pauses[i].Days()
		if from < d && d <= to {
			return &pauses[i]
		}
	}
	return nil
}

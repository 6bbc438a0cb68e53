package calendar

import (
	"errors"
	"fmt"
)

// Unit is the unit of a limit (domain guide 1.2).
type Unit string

// The units: working days, calendar days, hall working hours, months.
const (
	WorkingDays  Unit = "W"
	CalendarDays Unit = "C"
	HallHours    Unit = "H"
	Months       Unit = "M"
)

// Validate says what is wrong with a unit that somebody wrote.
func (u Unit) Validate() error {
	switch u {
	case WorkingDays, CalendarDays, HallHours, Months:
		return nil
	}
	return fmt.Errorf("unit %q is not W (working days), C (calendar days), H (hall hours) or M (months)", string(u))
}

// Limit is a length of time that the law, a promise or a rule gives.
type Limit struct {
	// N is the number of units; 0 means "immediate" (即办件): due at the end of
	// the day of the start when that is a working day and the hall is still
	// open, else at the end of the next working day.
	N int32
	// Unit is working days when empty.
	Unit Unit
	// RollForward moves a limit in calendar days or months that ends on a day
	// off to the next working day.
	RollForward bool
}

// DueMode says which moment of the due day is the last one in time.
type DueMode string

// The modes. EndOfDay is 23:59:59.999, CloseOfBusiness the closing time of the
// hall, SameInstant the time of day of the start.
const (
	EndOfDay        DueMode = "end_of_day"
	CloseOfBusiness DueMode = "close_of_business"
	SameInstant     DueMode = "same_instant"
)

// DueRule says how a due day becomes a due moment.
type DueRule struct {
	// Mode is EndOfDay when empty.
	Mode DueMode
	// Hours are the opening hours of the hall on a working day; the end of
	// the last one is the closing time. DefaultDueRule gives them when empty.
	Hours []Opening
	// Halls are the hours of one jurisdiction, by the day from which they hold,
	// ascending; before the first Hours hold.
	Halls []Hall `json:",omitempty"`
}

// Opening is a time in which the hall is open, in minutes after midnight.
type Opening struct{ From, To int }

// DefaultDueRule returns end of day, and hall hours 09:00 to 12:00 and 13:30
// to 17:30: there is no national rule for hall hours, these are the commonest;
// a jurisdiction sets its own.
func DefaultDueRule() DueRule {
	return DueRule{Mode: EndOfDay, Hours: []Opening{{9 * 60, 12 * 60}, {13*60 + 30, 17*60 + 30}}}
}

// Validate says what is wrong with a rule.
func (r DueRule) Validate() error {
	switch r.Mode {
	case "", EndOfDay, CloseOfBusiness, SameInstant:
	default:
		return fmt.Errorf("due mode %q is not end_of_day, close_of_business or same_instant", r.Mode)
	}
	if err := validHours(r.Hours); err != nil {
		return err
	}
	for i, h := range r.Halls {
		if i > 0 && h.From <= r.Halls[i-1].From {
			return fmt.Errorf("hall hours from %s: must ascend by the day from which they hold", h.From)
		}
		if len(h.Hours) == 0 {
			return fmt.Errorf("hall hours from %s: no hours on a working day", h.From)
		}
		if err := errors.Join(validHours(h.Hours), validHours(h.Saturday)); err != nil {
			return err
		}
	}
	return nil
}

func validHours(hours []Opening) error {
	last := 0
	for _, o := range hours {
		if o.From < last || o.To <= o.From || o.To > 24*60 {
			return fmt.Errorf("hall hours %d to %d minutes: must ascend within one day and not overlap", o.From, o.To)
		}
		last = o.To
	}
	return nil
}

// Due is the last moment in time of a limit.
type Due struct {
	At  int64
	Day Day
	// Provisional: it depends on a day that no notice decides yet.
	Provisional bool
}

// Due returns when a limit that starts at an instant runs out. extra is the
// number of working days that extensions and pauses add, whatever the unit;
// less than none counts as none.
func (c *Calendar) Due(start int64, limit Limit, extra int32, rule DueRule) Due {
	if len(rule.Hours) == 0 {
		rule.Hours = DefaultDueRule().Hours
	}
	extra = max(extra, 0)
	from := DayOf(start)
	day, at := from, int64(-1) // at: milliseconds after midnight, where the unit gives it
	switch {
	case limit.N <= 0:
		day = c.immediate(start, rule)
	case limit.Unit == CalendarDays:
		day = c.roll(Day(min(int64(from)+int64(limit.N), int64(MaxDay))), limit.RollForward)
	case limit.Unit == Months:
		day = c.roll(from.AddMonths(int(limit.N)), limit.RollForward)
	case limit.Unit == HallHours:
		if len(rule.Halls) > 0 {
			day, at = c.addHallHours(start, int64(limit.N)*60*msPerMinute, rule)
		} else {
			day, at = c.addHours(start, int64(limit.N)*60*msPerMinute, rule.Hours)
		}
	default:
		day = c.AddWD(from, int32(min(int64(limit.N)+int64(extra), int64(MaxDay))))
		extra = 0
	}
	if extra > 0 {
		day = c.AddWD(day, extra)
	}
	d := Due{Day: day, Provisional: c.ProvisionalSpan(from, day) || (day == from && c.Provisional(day))}
	switch {
	case day >= MaxDay: // beyond what the tables hold
		d.At = MaxDay.End()
	case at >= 0: // hours name the moment themselves
		d.At = day.Start() + at
	case rule.Mode == CloseOfBusiness:
		d.At = day.Start() + closing(rule.hall(day).Hours)
	case rule.Mode == SameInstant && limit.N > 0:
		d.At = day.Start() + start - from.Start()
	default:
		d.At = day.End()
	}
	return d
}

// immediate returns the due day of an immediate item.
func (c *Calendar) immediate(start int64, rule DueRule) Day {
	from := DayOf(start)
	if c.IsWorkday(from) && start-from.Start() < closing(rule.hall(from).Hours) {
		return from
	}
	return c.AddWD(from, 1)
}

// roll moves a day off to the next working day when asked to.
func (c *Calendar) roll(d Day, forward bool) Day {
	if forward {
		return c.AddWD(d, 0)
	}
	return d
}

// closing returns the closing time in milliseconds after midnight.
func closing(hours []Opening) int64 { return int64(hours[len(hours)-1].To) * msPerMinute }

// addHours returns the day, and the time after its midnight, at which the hall
// has been open for the given time since the start (all in milliseconds).
func (c *Calendar) addHours(start, open int64, hours []Opening) (Day, int64) {
	day := DayOf(start)
	clock := start - day.Start()
	if !c.IsWorkday(day) {
		day, clock = c.AddWD(day, 0), 0
	}
	perDay := int64(0)
	for _, o := range hours {
		perDay += int64(o.To-o.From) * msPerMinute
	}
	for _, o := range hours {
		from, to := max(clock, int64(o.From)*msPerMinute), int64(o.To)*msPerMinute
		if from >= to {
			continue
		}
		if open <= to-from {
			return day, from + open
		}
		open -= to - from
	}
	if perDay <= 0 {
		return MaxDay, closing(hours)
	}
	full := (open - 1) / perDay // whole days before the last one
	open -= full * perDay
	day = c.AddWD(day, int32(min(full+1, int64(MaxDay))))
	for _, o := range hours {
		length := int64(o.To-o.From) * msPerMinute
		if open <= length {
			return day, int64(o.From)*msPerMinute + open
		}
		open -= length
	}
	return day, closing(hours)
}

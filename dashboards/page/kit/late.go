package kit

import (
	"time"

	"duban/supervision/calendar"
	"duban/supervision/lawzone"
)

// margin is how many working days lie between an instant and a due: what is left
// of it, or, negative, by how many it is over, at least one (domain guide 2.4,
// overdue_days).
func (q *Request) margin(at, due time.Time) int64 {
	a, d := calendar.DayOf(at.UnixMilli()), calendar.DayOf(due.UnixMilli())
	if at.After(due) {
		return -max(1, int64(q.Calendar().CountWD(d, a)))
	}
	return int64(q.Calendar().CountWD(a, d))
}

// Limit is what something was due by: the instant, the unit of the limit where it is
// known, and the division whose halls an hour of it is counted in.
type Limit struct {
	Due          time.Time
	Unit, Region string
}

// Over says by how much at lies after the end of a limit, as the limit counts: in the
// opening hours of the hall where it is one in hours; in hours and minutes where it ends
// within a day and not with it, as an hour to sign does; else in working days.
func (q *Request) Over(at time.Time, l Limit) string {
	natural := at.Sub(l.Due)
	days := -q.margin(at, l.Due)
	switch {
	case l.Unit == string(calendar.HallHours):
		open := time.Duration(q.Calendar().OpenTime(l.Due.UnixMilli(), at.UnixMilli(), q.DueRule(l.Region))) * time.Millisecond
		if open >= time.Minute {
			return q.Span(open, "open_")
		}
		return q.Span(natural, "") // nobody could have come since
	case !EndsWithDay(l.Due) && (natural < 48*time.Hour || days == 1):
		return q.Span(natural, "")
	case days == 1:
		return q.T("span.workday")
	}
	return q.T("span.workdays", "N", q.Count(days))
}

// Span writes a duration in whole minutes or hours.
func (q *Request) Span(d time.Duration, of string) string {
	n, unit := int64(d/time.Minute), "minute"
	if n >= 60 {
		n, unit = int64(d/time.Hour), "hour"
	}
	if n != 1 {
		unit += "s"
	}
	if d < time.Minute {
		return q.T("span.moment")
	}
	return q.T("span."+of+unit, "N", q.Count(n))
}

// EndsWithDay reports whether a due is the end of its local day, as one counted in days is.
func EndsWithDay(due time.Time) bool {
	local := due.In(lawzone.Zone)
	return local.Hour() == 23 && local.Minute() == 59
}

// MarginCell shows the working days that a subject had left when its clock stopped
// or, while it runs, has left at the instant of the page; by how much it is late
// is said in words. The list of a figure has no verdict: what has no stop and no
// exclusion runs.
func (q *Request) MarginCell(r Row, verdict, dueKey string) Cell {
	v, ok := r.Num("margin_days")
	due, at := r.Instant(dueKey), q.AsOf
	if stop := r.Instant("stop_at"); stop.Unix() > 0 {
		at = stop
	}
	if !ok && due.Unix() > 0 && r.Instant("stop_at").IsZero() && r.Text("excluded") == "" &&
		(verdict == "" || verdict == "open" || verdict == "overdue") {
		v, ok = float64(q.margin(q.AsOf, due)), true
	}
	switch {
	case !ok:
		return NullCell()
	case v < 0 && due.Unix() > 0 && at.After(due):
		return Cell{Text: q.T("margin.late", "Span", q.Over(at, Limit{due, r.Text("limit_unit"), r.Text("region_code")})), Raw: int64(v),
			Class: "num bad"}
	case v < 0: // by a due that the row does not hold
		return Cell{Text: q.T("margin.late", "Span", q.T("span.workdays", "N", q.Count(int64(-v)))), Raw: int64(v), Class: "num bad"}
	default:
		return Cell{Text: q.Count(int64(v)), Raw: int64(v), Class: "num"}
	}
}

// OverdueCell says by how much a subject is late, and nothing when it is not.
func (q *Request) OverdueCell(r Row, verdict, dueKey string) Cell {
	c := q.MarginCell(r, verdict, dueKey)
	if v, ok := c.Raw.(int64); !ok || v >= 0 {
		return NullCell()
	}
	c.Raw = c.Text
	return c
}

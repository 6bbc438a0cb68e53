package page

import (
	"time"

	"duban/supervision/calendar"
	"duban/supervision/lawzone"
)

// margin is how many working days lie between an instant and a due: what is left
// of it, or, negative, by how many it is over, at least one (domain guide 2.4,
// overdue_days).
func (q *request) margin(at, due time.Time) int64 {
	a, d := calendar.DayOf(at.UnixMilli()), calendar.DayOf(due.UnixMilli())
	if at.After(due) {
		return -max(1, int64(q.Calendar().CountWD(d, a)))
	}
	return int64(q.Calendar().CountWD(a, d))
}

// limit is what something was due by: the instant, the unit of the limit where it is
// known, and the division whose halls an hour of it is counted in.
type limit struct {
	due          time.Time
	unit, region string
}

// over says by how much at lies after the end of a limit, as the limit counts: in the
// opening hours of the hall where it is one in hours; in hours and minutes where it ends
// within a day and not with it, as an hour to sign does; else in working days.
func (q *request) over(at time.Time, l limit) string {
	natural := at.Sub(l.due)
	days := -q.margin(at, l.due)
	switch {
	case l.unit == string(calendar.HallHours):
		open := time.Duration(q.Calendar().OpenTime(l.due.UnixMilli(), at.UnixMilli(), q.DueRule(l.region))) * time.Millisecond
		if open >= time.Minute {
			return q.span(open, "open_")
		}
		return q.span(natural, "") // nobody could have come since
	case !endsWithDay(l.due) && (natural < 48*time.Hour || days == 1):
		return q.span(natural, "")
	case days == 1:
		return q.T("span.workday")
	}
	return q.T("span.workdays", "N", q.Count(days))
}

// span writes a duration in whole minutes or hours.
func (q *request) span(d time.Duration, of string) string {
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

// endsWithDay reports whether a due is the end of its local day, as one counted in days is.
func endsWithDay(due time.Time) bool {
	local := due.In(lawzone.Zone)
	return local.Hour() == 23 && local.Minute() == 59
}

// marginCell shows the working days that a subject had left when its clock stopped
// or, while it runs, has left at the instant of the page; by how much it is late
// is said in words. The list of a figure has no verdict: what has no stop and no
// exclusion runs.
func (q *request) marginCell(r row, verdict, dueKey string) Cell {
	v, ok := r.num("margin_days")
	due, at := r.instant(dueKey), q.asOf
	if stop := r.instant("stop_at"); stop.Unix() > 0 {
		at = stop
	}
	if !ok && due.Unix() > 0 && r.instant("stop_at").IsZero() && r.text("excluded") == "" &&
		(verdict == "" || verdict == "open" || verdict == "overdue") {
		v, ok = float64(q.margin(q.asOf, due)), true
	}
	switch {
	case !ok:
		return nullCell()
	case v < 0 && due.Unix() > 0 && at.After(due):
		return Cell{Text: q.T("margin.late", "Span", q.over(at, limit{due, r.text("limit_unit"), r.text("region_code")})), Raw: int64(v),
			Class: "num bad"}
	case v < 0: // by a due that the row does not hold
		return Cell{Text: q.T("margin.late", "Span", q.T("span.workdays", "N", q.Count(int64(-v)))), Raw: int64(v), Class: "num bad"}
	default:
		return Cell{Text: q.Count(int64(v)), Raw: int64(v), Class: "num"}
	}
}

// overdueCell says by how much a subject is late, and nothing when it is not.
func (q *request) overdueCell(r row, verdict, dueKey string) Cell {
	c := q.marginCell(r, verdict, dueKey)
	if v, ok := c.Raw.(int64); !ok || v >= 0 {
		return nullCell()
	}
	c.Raw = c.Text
	return c
}

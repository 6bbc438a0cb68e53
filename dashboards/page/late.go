package page

import (
	"time"

	"duban/supervision/calendar"
)

// dueKey is the column of the due that a subject is judged by.
func dueKey(kind subjectKind) string {
	if kind.kind == "ticket" {
		return "due_at"
	}
	return "promise_due"
}

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

// marginCell shows the working days that a subject had left when its clock stopped
// or, while it runs, has left at the instant of the page; by how many it is late
// is said in words. The list of a figure has no verdict: what has no stop and no
// exclusion runs.
func (q *request) marginCell(r row, verdict, dueKey string) Cell {
	v, ok := r.num("margin_days")
	due := r.instant(dueKey)
	if !ok && due.Unix() > 0 && r.instant("stop_at").IsZero() && r.text("excluded") == "" &&
		(verdict == "" || verdict == "open" || verdict == "overdue") {
		v, ok = float64(q.margin(q.asOf, due)), true
	}
	switch {
	case !ok:
		return nullCell()
	case v < 0:
		return Cell{Text: q.T("margin.late", "N", q.Count(int64(-v))), Raw: int64(v), Class: "num bad"}
	default:
		return Cell{Text: q.Count(int64(v)), Raw: int64(v), Class: "num"}
	}
}

// late says by how many working days a deadline of an alert was missed: until its
// clock stopped, or until the instant of the page while it runs; empty when the
// alert is about no such deadline or it is not over.
func (q *request) late(x row) string {
	due := x.instant("due_at")
	if due.Unix() <= 0 || !x.flag("has_stop") {
		return ""
	}
	until := q.asOf
	if stop, err := time.Parse("2006-01-02 15:04:05.999", x.text("stopped_at")); err == nil && stop.Before(until) {
		until = stop
	}
	if !until.After(due) {
		return ""
	}
	return q.T("margin.late", "N", q.Count(-q.margin(until, due)))
}

package truth

import (
	"duban/ingest/event"
	"duban/supervision/simulate/plan"
	"duban/supervision/simulate/world"
)

// span is a question: what happened in [from, to), asked at an instant.
type span struct {
	from, to, asOf int64
	openToo        bool // count what is open at the instant
}

// lastInstant is the last one whose facts the question sees: a period does not
// hold its end, so what takes effect at just that instant (a fact, or an
// acceptance by law at midnight) belongs to the next one. Dues and pauses are
// judged at the end itself.
func (s span) lastInstant() int64 { return min(s.asOf, s.to-1) }

func (s span) has(at int64) bool { return at != 0 && at >= s.from && at < s.to }

// ownCell is the cell of a case, nil for the parent of a joint case as far as that is known:
// it counts by its sub-cases.
func ownCell(f *Figures, s *plan.Subject, asOf int64) *Figures {
	if s.HeadSince <= asOf {
		return nil
	}
	return f
}

// countCase adds one case to one cell; nil cells are nobody's.
func countCase(f *Figures, w *world.World, s *plan.Subject, t *Case, q span) {
	if f = ownCell(f, s, q.asOf); f == nil {
		return
	}
	if q.has(t.AppliedAt) {
		f.C01++
		f.C07.count(plan.Online(s.Channel), true)
	}
	f.C02 += int64(world.One(q.has(t.AcceptedAt)))
	f.C03 += int64(world.One(q.has(t.completedAt()) && t.Excluded != "incomplete"))
	if !q.has(t.StopAt) || t.Excluded != "" {
		return
	}
	if !t.immediate {
		f.D04.count(w.Days.Count(world.LocalDay(t.StopAt), world.LocalDay(t.PromiseDue)) >= 1, true)
	}
}

// countEnd adds the end of a case to the figures of the limits. A period that was over when
// the case was reopened keeps the end that it had in it.
func countEnd(f *Figures, w *world.World, s *plan.Subject, t *Case, q span) {
	if f = ownCell(f, s, q.asOf); f == nil {
		return
	}
	for i := range s.Facts {
		x := &s.Facts[i]
		if x.About == plan.AboutCase && x.Is(event.Reopen) && !x.Superseded && !x.Illegal && x.At >= q.to && x.At <= q.asOf {
			was := OfCase(w, s, x.At-1)
			t = &was
			break
		}
	}
	if !q.has(t.StopAt) {
		return
	}
	if !t.outByLaw() {
		f.D03.count(t.StopAt <= t.LegalDue, true)
	}
	if t.Excluded == "" {
		f.D01.count(t.StopAt <= t.PromiseDue, true)
	}
}

// countOpen adds a case that is open at an instant to one cell; nil cells are nobody's. Stopped says
// that it is known by now to have been stopped before, so that it counts as such.
func countOpen(f *Figures, t *Case, at int64, stopped bool) {
	if f == nil || t.AppliedAt == 0 || !t.open() {
		return
	}
	f.C04++
	if stopped {
		return
	}
	f.C05 += int64(world.One(t.Late(t.PromiseDue, at)))
	f.D01.count(false, t.Late(t.PromiseDue, at))
	f.D03.count(false, t.Late(t.LegalDue, at))
}

// countRatings adds the ratings of a case to one cell.
func countRatings(f *Figures, w *world.World, s *plan.Subject, t *Case, q span) {
	rated := false
	for i := range s.Facts {
		r := &s.Facts[i]
		if r.About != plan.AboutRating || r.Superseded || r.At > q.asOf {
			continue
		}
		replaced := r.ReplacedAt != 0 && r.ReplacedAt <= q.asOf // the latest counts, also when it was found to be wrong
		rated = rated || !r.IsDefault && !r.Barred && !replaced && !r.Wrong(q.asOf)
		countRating(f, w, r, q)
	}
	if t != nil && s.HeadSince > q.asOf && q.has(t.completedAt()) && t.Excluded != "incomplete" {
		f.E01.count(rated, true)
	}
}

// countRating adds one rating if it is valid (domain guide 4): the applicant's
// own, not taken out, the last one within five working days of the service.
func countRating(f *Figures, w *world.World, r *plan.Fact, q span) {
	late := w.Days.Count(world.LocalDay(r.Served), world.LocalDay(r.At)) > 5
	replaced := r.ReplacedAt != 0 && r.ReplacedAt <= q.asOf
	if !q.has(r.At) || r.IsDefault || r.FollowUp || r.Barred || late || replaced || r.Wrong(q.asOf) {
		return
	}
	f.E02.count(r.Level >= 3, true)
	f.E03.count(r.Level >= 4, true)
	f.E04.count(r.Level <= 2, true)
	f.E05.add(Ratio{Numerator: [6]int64{0, 0, 30, 60, 80, 100}[r.Level], Denominator: 1})
}

// countTicket adds one ticket to one cell.
func countTicket(f *Figures, t *Ticket, q span) {
	if f == nil || t.ReceivedAt == 0 {
		return
	}
	if q.has(t.ReceivedAt) {
		f.F01++
		f.F01Valid += int64(world.One(t.Excluded != "invalid" && t.Excluded != "merged"))
	}
	if t.DispatchedAt == 0 || t.Excluded != "" {
		return
	}
	if q.has(t.StopAt) {
		f.F06.count(t.StopAt <= t.Due, true)
	}
	if q.openToo {
		countDue(f, t, q, false)
	}
}

// countDue adds a ticket that is due, or open past it, at an instant to one
// cell; stopped as in countOpen.
func countDue(f *Figures, t *Ticket, q span, stopped bool) {
	if t.DispatchedAt == 0 || t.Excluded != "" {
		return
	}
	if !stopped && t.StopAt == 0 && q.asOf > t.Due {
		f.F06.count(false, true)
	}
	if q.has(t.Due) && t.Due <= q.asOf {
		f.F07.count(t.ClosedAt != 0, true)
	}
}

// lastEvent returns the time of the last fact about a subject.
func lastEvent(s *plan.Subject) int64 {
	var last int64
	for i := range s.Facts {
		last = max(last, s.Facts[i].At)
	}
	return last
}

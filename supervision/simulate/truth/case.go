package truth

import (
	"cmp"
	"slices"

	"duban/ingest/event"
	"duban/supervision/simulate/plan"
	"duban/supervision/simulate/world"
)

// Case is what is true of a case as of an instant. Instants are zero when
// they have not come.
type Case struct {
	State                                                string
	AppliedAt, AcceptedAt, decidedAt, FinishedAt, StopAt int64
	PromiseDue, LegalDue                                 int64
	answerDue                                            int64 // until when an answer is owed (K2), 0 = none is
	limit                                                int32 // days that the promise gives, in limitUnit
	limitUnit                                            string
	// end of the approved days of the pause of the promise under way, 0 = the clock runs
	PausedUntil    int64
	lawPausedUntil int64 // the same of the legal limit
	Deemed         bool
	Excluded       string // why it is out of timeliness figures
	immediate      bool
	restedDays     int32 // working days that pauses and gaps took out of the promise
}

// OfCase tells the truth about a planned case as of an instant. It knows
// only the lives that packages plan and inject plan: every event is one that the state allows.
func OfCase(w *world.World, s *plan.Subject, asOf int64) Case {
	t := Case{}
	it := &w.Items[s.Item]
	t.immediate = it.Title.Immediate()
	var (
		waiting      int64 // since when an answer is owed (K2), 0 = none
		snapshot     int32
		hasSnapshot  bool
		delays       []delay
		terminatedBy string
	)
	answerDue := func() int64 { return world.EndOf(w.Days.Add(world.LocalDay(waiting), 5)) }
	silence := func(until int64) {
		if waiting != 0 && until > answerDue() {
			t.AcceptedAt, t.Deemed, t.State = waiting, true, "accepted"
			waiting = 0
		}
	}
	endPause := func(at int64) {
		for i := range delays {
			if delays[i].to == open {
				delays[i].to = world.LocalDay(at)
			}
		}
	}
	for i := range s.Facts {
		f := &s.Facts[i]
		if f.About != plan.AboutCase || f.Superseded || f.Illegal || f.At > asOf || f.VoidedAt != 0 && f.VoidedAt <= asOf {
			continue
		}
		at, days := f.At, f.Days
		if f.AmendedAt != 0 && f.AmendedAt <= asOf {
			if f.AmendedTo != 0 {
				at = f.AmendedTo
			}
			if f.AmendedDays >= 0 {
				days = f.AmendedDays
			}
		}
		silence(at)
		switch event.CaseType(f.Type) {
		case event.Apply:
			t.AppliedAt, waiting, t.State = at, at, "submitted"
		case event.PrereviewReject, event.CorrectionNotice:
			waiting, t.State = 0, "correcting"
		case event.CorrectionSubmit:
			waiting, t.State = at, "submitted"
		case event.Accept:
			if t.Deemed {
				continue // the law was faster
			}
			t.AcceptedAt, waiting, t.State = at, 0, "accepted"
			snapshot, hasSnapshot = days, f.Flag
		case event.NotAccept:
			waiting, t.State, t.Excluded = 0, "not_accepted", "not_accepted"
		case event.StepStart, event.StepEnd:
			t.State = "processing"
		case event.SuspendStart:
			t.State = "suspended"
			delays = append(delays, delay{at: at, from: world.LocalDay(at), to: open, approved: days})
		case event.SuspendEnd:
			t.State = "processing"
			endPause(at)
		case event.Extend:
			delays = append(delays, delay{at: at, extend: days})
		case event.Decide:
			t.State, t.decidedAt, t.StopAt = "decided", at, at
		case event.Finish, event.DeemedConsent:
			t.State, t.FinishedAt = "finished", at
			if t.StopAt == 0 {
				t.stop(at)
			}
		case event.Deliver:
			t.State = "delivered"
		case event.Withdraw:
			endPause(at)
			waiting, t.State, t.Excluded = 0, "withdrawn", "withdrawn"
			t.stop(at)
		case event.Terminate:
			endPause(at)
			waiting, t.State, terminatedBy = 0, "terminated", f.Word
			t.stop(at)
		case event.Reopen:
			delays = append(delays, delay{at: t.StopAt, from: world.LocalDay(t.StopAt), to: world.LocalDay(at), approved: gap})
			t.State, t.StopAt, t.decidedAt, t.FinishedAt = "processing", 0, 0, 0
		}
	}
	silence(asOf)
	if waiting != 0 {
		t.answerDue = answerDue()
	}
	if t.AcceptedAt != 0 {
		slices.SortStableFunc(delays, func(a, b delay) int { return cmp.Compare(a.at, b.at) })
		t.dues(w, it, snapshot, hasSnapshot, delays)
		for i := range delays {
			d := &delays[i]
			if until := world.EndOf(w.Days.Add(d.from, max(d.approved, 0))); d.to == open && asOf <= until {
				if t.counts(t.PromiseDue, d) {
					t.PausedUntil = until
				}
				if t.counts(t.LegalDue, d) {
					t.lawPausedUntil = until
				}
			}
		}
	}
	broken := t.PromiseDue != 0 && t.StopAt > t.PromiseDue
	switch {
	case s.Test:
		t.Excluded = "test"
	case s.Secret:
		t.Excluded = "secret"
	case t.State != "" && t.AppliedAt == 0 && t.AcceptedAt == 0:
		t.Excluded = "incomplete"
	case t.Excluded == "withdrawn" && broken: // it was overdue when it was given up
		t.Excluded = ""
	case terminatedBy == "applicant" && !broken:
		t.Excluded = "terminated_by_applicant"
	case terminatedBy == "dept" && !broken:
		t.Excluded = "terminated_before_due"
	}
	return t
}

// stop ends the clocks if they ran.
func (t *Case) stop(at int64) {
	if t.AcceptedAt != 0 {
		t.StopAt = at
	}
}

// Late reports whether the case counts as overdue by a due as of an instant:
// stopped after it, or open past it and not in an approved pause.
func (t *Case) Late(due, asOf int64) bool {
	if due == 0 || t.Excluded != "" {
		return false
	}
	if t.StopAt != 0 {
		return t.StopAt > due
	}
	paused := t.PausedUntil
	if due == t.LegalDue {
		paused = t.lawPausedUntil
	}
	return asOf > due && paused == 0
}

// outByLaw reports whether the case is out of the figure of the legal limit: one that ended
// without a result is judged by the limit of that figure.
func (t *Case) outByLaw() bool {
	switch {
	case t.decidedAt == 0 && (t.State == "withdrawn" || t.State == "terminated"):
		return t.StopAt <= t.LegalDue || t.Excluded == "test" || t.Excluded == "secret" || t.Excluded == "incomplete"
	default:
		return t.Excluded != ""
	}
}

// completedAt is when the case was done: at the decision, without one at the
// finish; 0 when it is not.
func (t *Case) completedAt() int64 {
	if t.decidedAt != 0 {
		return t.decidedAt
	}
	return t.FinishedAt
}

// open reports whether nothing has ended the case.
func (t *Case) open() bool {
	switch t.State {
	case "submitted", "correcting", "accepted", "processing", "suspended":
		return true
	}
	return false
}

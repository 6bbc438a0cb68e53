package simulate

import (
	"cmp"
	"slices"

	"duban/ingest/event"
	"duban/supervision/simulate/plan"
	"duban/supervision/simulate/world"
)

// caseTruth is what is true of a case as of an instant. Instants are zero when
// they have not come.
type caseTruth struct {
	state                                                string
	appliedAt, acceptedAt, decidedAt, finishedAt, stopAt int64
	promiseDue, legalDue                                 int64
	answerDue                                            int64 // until when an answer is owed (K2), 0 = none is
	limit                                                int32 // days that the promise gives, in limitUnit
	limitUnit                                            string
	// end of the approved days of the pause of the promise under way, 0 = the clock runs
	pausedUntil    int64
	lawPausedUntil int64 // the same of the legal limit
	deemed         bool
	excluded       string // why it is out of timeliness figures
	immediate      bool
	restedDays     int32 // working days that pauses and gaps took out of the promise
}

// delay is what may move a due: an extension, a special procedure, or the time between
// a stop and the reopening after it. It does so when it begins before that due has
// passed: what is late is late (domain guide 5.1, C1).
type delay struct {
	at       int64 // when it begins
	extend   int32 // days of an extension
	from, to int32 // days of a pause; to = open while it lasts
	approved int32 // days of a procedure, gap = no procedure
}

const (
	open = int32(1 << 30)
	gap  = int32(-1)
)

// truthOfCase tells the truth about a planned case as of an instant. It knows
// only the lives that planCase plans: every event is one that the state allows.
func truthOfCase(w *world.World, s *plan.Subject, asOf int64) caseTruth {
	t := caseTruth{}
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
			t.acceptedAt, t.deemed, t.state = waiting, true, "accepted"
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
			t.appliedAt, waiting, t.state = at, at, "submitted"
		case event.PrereviewReject, event.CorrectionNotice:
			waiting, t.state = 0, "correcting"
		case event.CorrectionSubmit:
			waiting, t.state = at, "submitted"
		case event.Accept:
			if t.deemed {
				continue // the law was faster
			}
			t.acceptedAt, waiting, t.state = at, 0, "accepted"
			snapshot, hasSnapshot = days, f.Flag
		case event.NotAccept:
			waiting, t.state, t.excluded = 0, "not_accepted", "not_accepted"
		case event.StepStart, event.StepEnd:
			t.state = "processing"
		case event.SuspendStart:
			t.state = "suspended"
			delays = append(delays, delay{at: at, from: world.LocalDay(at), to: open, approved: days})
		case event.SuspendEnd:
			t.state = "processing"
			endPause(at)
		case event.Extend:
			delays = append(delays, delay{at: at, extend: days})
		case event.Decide:
			t.state, t.decidedAt, t.stopAt = "decided", at, at
		case event.Finish, event.DeemedConsent:
			t.state, t.finishedAt = "finished", at
			if t.stopAt == 0 {
				t.stop(at)
			}
		case event.Deliver:
			t.state = "delivered"
		case event.Withdraw:
			endPause(at)
			waiting, t.state, t.excluded = 0, "withdrawn", "withdrawn"
			t.stop(at)
		case event.Terminate:
			endPause(at)
			waiting, t.state, terminatedBy = 0, "terminated", f.Word
			t.stop(at)
		case event.Reopen:
			delays = append(delays, delay{at: t.stopAt, from: world.LocalDay(t.stopAt), to: world.LocalDay(at), approved: gap})
			t.state, t.stopAt, t.decidedAt, t.finishedAt = "processing", 0, 0, 0
		}
	}
	silence(asOf)
	if waiting != 0 {
		t.answerDue = answerDue()
	}
	if t.acceptedAt != 0 {
		slices.SortStableFunc(delays, func(a, b delay) int { return cmp.Compare(a.at, b.at) })
		t.dues(w, it, snapshot, hasSnapshot, delays)
		for i := range delays {
			d := &delays[i]
			if until := world.EndOf(w.Days.Add(d.from, max(d.approved, 0))); d.to == open && asOf <= until {
				if t.counts(t.promiseDue, d) {
					t.pausedUntil = until
				}
				if t.counts(t.legalDue, d) {
					t.lawPausedUntil = until
				}
			}
		}
	}
	broken := t.promiseDue != 0 && t.stopAt > t.promiseDue
	switch {
	case s.Test:
		t.excluded = "test"
	case s.Secret:
		t.excluded = "secret"
	case t.state != "" && t.appliedAt == 0 && t.acceptedAt == 0:
		t.excluded = "incomplete"
	case t.excluded == "withdrawn" && broken: // it was overdue when it was given up
		t.excluded = ""
	case terminatedBy == "applicant" && !broken:
		t.excluded = "terminated_by_applicant"
	case terminatedBy == "dept" && !broken:
		t.excluded = "terminated_before_due"
	}
	return t
}

// counts reports whether a delay begins before a due has passed. (What moved the due
// later than that began before it, so the last due tells.)
func (t *caseTruth) counts(due int64, d *delay) bool { return due == 0 || d.at <= due }

// stop ends the clocks if they ran.
func (t *caseTruth) stop(at int64) {
	if t.acceptedAt != 0 {
		t.stopAt = at
	}
}

// rested counts the working days in the union of the pauses, each procedure cut to its
// approved days (domain guide 2.4), and in the gaps. An open procedure counts its
// approved days.
func rested(days *world.Workdays, delays []delay) int32 {
	var n, counted int32 // counted is the last day already looked at
	for i := range delays {
		p := &delays[i]
		switch {
		case p.from == 0: // an extension
		case p.approved == gap:
			n += days.Count(p.from, p.to)
		default:
			last := min(p.to, days.Add(p.from, p.approved))
			for d := max(p.from, counted) + 1; d <= last; d++ {
				n += int32(world.One(days.Working(d)))
			}
			counted = max(counted, last)
		}
	}
	return n
}

// dues works out both due moments (domain guide 2.3, K3 and K4, and 2.4).
func (t *caseTruth) dues(w *world.World, it *world.Item, snapshot int32, hasSnapshot bool, delays []delay) {
	accepted := world.LocalDay(t.acceptedAt)
	v := it.At(accepted)
	promise, legal, legalUnit := v.Promise, v.Legal, it.Title.LegalUnit
	if hasSnapshot {
		promise = snapshot
	}
	if legal == world.Unlimited {
		legal, legalUnit = 20, "W"
	}
	promiseUnit := it.Title.PromiseUnit
	by := func(limit int32, unit string, still int32) int64 {
		switch {
		case unit == "C":
			day := accepted + limit
			for it.Title.RollForward && !w.Days.Working(day) {
				day++
			}
			return world.EndOf(day)
		case limit > 0 || still > 0:
			return world.EndOf(w.Days.Add(accepted, limit+still))
		}
		// On the spot: today if the hall was open, else the next working day.
		if w.Days.Working(accepted) && t.acceptedAt < world.StartOf(accepted)+closing {
			return world.EndOf(accepted)
		}
		return world.EndOf(w.Days.Add(accepted, 1))
	}
	// Licensing Law art. 42: once, ten days at most by the head of an agency; what goes
	// beyond has no effect. Other acts have limits and extensions of their own.
	bounded := legalUnit != "C" && it.Title.ItemType == "license"
	move := func(limit int32, unit string, extends bool) (due int64, still int32) {
		var extended int32
		due = by(limit, unit, 0)
		for i := range delays {
			d := &delays[i]
			if d.at > due {
				break
			}
			switch {
			case d.from != 0 || !extends:
			case !bounded:
				extended += d.extend
			case extended == 0:
				extended = min(d.extend, 10)
			}
			still = rested(w.Days, delays[:i+1])
			due = by(limit+extended, unit, still)
		}
		return due, still
	}
	t.legalDue, t.restedDays = move(legal, legalUnit, true)
	t.limit, t.limitUnit = promise, promiseUnit
	if promise == world.Unlimited || promiseUnit == legalUnit && promise > legal {
		t.limit, t.limitUnit = legal, legalUnit
		t.promiseDue = t.legalDue // the law is the only promise, or the better one
		return
	}
	t.promiseDue, t.restedDays = move(promise, promiseUnit, false)
}

// closing is when halls close. Nothing is planned to be accepted on the spot
// within half an hour of it.
const closing = (17*60 + 30) * 60 * 1000

// late reports whether the case counts as overdue by a due as of an instant:
// stopped after it, or open past it and not in an approved pause.
func (t *caseTruth) late(due, asOf int64) bool {
	if due == 0 || t.excluded != "" {
		return false
	}
	if t.stopAt != 0 {
		return t.stopAt > due
	}
	paused := t.pausedUntil
	if due == t.legalDue {
		paused = t.lawPausedUntil
	}
	return asOf > due && paused == 0
}

// outByLaw reports whether the case is out of the figure of the legal limit: one that ended
// without a result is judged by the limit of that figure.
func (t *caseTruth) outByLaw() bool {
	switch {
	case t.decidedAt == 0 && (t.state == "withdrawn" || t.state == "terminated"):
		return t.stopAt <= t.legalDue || t.excluded == "test" || t.excluded == "secret" || t.excluded == "incomplete"
	default:
		return t.excluded != ""
	}
}

// completedAt is when the case was done: at the decision, without one at the
// finish; 0 when it is not.
func (t *caseTruth) completedAt() int64 {
	if t.decidedAt != 0 {
		return t.decidedAt
	}
	return t.finishedAt
}

// open reports whether nothing has ended the case.
func (t *caseTruth) open() bool {
	switch t.state {
	case "submitted", "correcting", "accepted", "processing", "suspended":
		return true
	}
	return false
}

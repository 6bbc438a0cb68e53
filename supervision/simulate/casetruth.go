package simulate

import "duban/ingest/event"

// caseTruth is what is true of a case as of an instant. Instants are zero when
// they have not come.
type caseTruth struct {
	state                                                string
	appliedAt, acceptedAt, decidedAt, finishedAt, stopAt int64
	promiseDue, legalDue                                 int64
	answerDue                                            int64 // until when an answer is owed (K2), 0 = none is
	limit                                                int32 // days that the promise gives, in limitUnit
	limitUnit                                            string
	pausedUntil                                          int64 // end of the approved days of the pause under way, 0 = the clocks run
	deemed                                               bool
	excluded                                             string // why it is out of timeliness figures
	immediate                                            bool
	pausedDays, extendedDays, interruptedDays            int32
}

// extension is one extension of the legal limit.
type extension struct {
	at   int64
	days int32
}

// pause is one planned special procedure.
type pause struct{ from, to, approved int32 } // days; to = open while it lasts

const open = int32(1 << 30)

// truthOfCase tells the truth about a planned case as of an instant. It knows
// only the lives that planCase plans: every event is one that the state allows.
func truthOfCase(w *world, s *subject, asOf int64) caseTruth {
	t := caseTruth{}
	it := &w.items[s.item]
	t.immediate = it.title.immediate()
	var (
		waiting      int64 // since when an answer is owed (K2), 0 = none
		snapshot     int32
		hasSnapshot  bool
		pauses       [4]pause
		extensions   []extension
		nPauses      int
		terminatedBy string
	)
	answerDue := func() int64 { return endOf(w.days.add(localDay(waiting), 5)) }
	silence := func(until int64) {
		if waiting != 0 && until > answerDue() {
			t.acceptedAt, t.deemed, t.state = waiting, true, "accepted"
			waiting = 0
		}
	}
	endPause := func(at int64) {
		if nPauses > 0 && pauses[nPauses-1].to == open {
			pauses[nPauses-1].to = localDay(at)
		}
	}
	for i := range s.facts {
		f := &s.facts[i]
		if f.about != aboutCase || f.superseded || f.illegal || f.at > asOf || f.voidedAt != 0 && f.voidedAt <= asOf {
			continue
		}
		at, days := f.at, f.days
		if f.amendedAt != 0 && f.amendedAt <= asOf {
			if f.amendedTo != 0 {
				at = f.amendedTo
			}
			if f.amendedDays >= 0 {
				days = f.amendedDays
			}
		}
		silence(at)
		switch event.CaseType(f.typ) {
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
			snapshot, hasSnapshot = days, f.flag
		case event.NotAccept:
			waiting, t.state, t.excluded = 0, "not_accepted", "not_accepted"
		case event.StepStart, event.StepEnd:
			t.state = "processing"
		case event.SuspendStart:
			t.state = "suspended"
			pauses[nPauses] = pause{localDay(at), open, days}
			nPauses++
		case event.SuspendEnd:
			t.state = "processing"
			endPause(at)
		case event.Extend:
			t.extendedDays += days
			extensions = append(extensions, extension{at, days})
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
			waiting, t.state, terminatedBy = 0, "terminated", f.word
			t.stop(at)
		case event.Reopen:
			t.interruptedDays += w.days.count(localDay(t.stopAt), localDay(at))
			t.state, t.stopAt, t.decidedAt, t.finishedAt = "processing", 0, 0, 0
		}
	}
	silence(asOf)
	if waiting != 0 {
		t.answerDue = answerDue()
	}
	if t.acceptedAt != 0 {
		t.pausedDays = pausedDays(w.days, pauses[:nPauses])
		t.dues(w, it, snapshot, hasSnapshot, extensions)
		if nPauses > 0 && pauses[nPauses-1].to == open {
			p := pauses[nPauses-1]
			if until := endOf(w.days.add(p.from, p.approved)); asOf <= until {
				t.pausedUntil = until
			}
		}
	}
	switch {
	case s.test:
		t.excluded = "test"
	case s.secret:
		t.excluded = "secret"
	case t.state != "" && t.appliedAt == 0 && t.acceptedAt == 0:
		t.excluded = "incomplete"
	case terminatedBy == "applicant":
		t.excluded = "terminated_by_applicant"
	case terminatedBy == "dept" && (t.promiseDue == 0 || t.stopAt <= t.promiseDue):
		t.excluded = "terminated_before_due"
	}
	return t
}

// stop ends the clocks if they ran.
func (t *caseTruth) stop(at int64) {
	if t.acceptedAt != 0 {
		t.stopAt = at
	}
}

// pausedDays counts the working days in the union of the pauses, each cut to
// its approved days (domain guide 2.4). An open pause counts its approved days.
func pausedDays(days *workdays, pauses []pause) int32 {
	var n, counted int32 // counted is the last day already looked at
	for _, p := range pauses {
		last := min(p.to, days.add(p.from, p.approved))
		for d := max(p.from, counted) + 1; d <= last; d++ {
			if days.working(d) {
				n++
			}
		}
		counted = max(counted, last)
	}
	return n
}

// dues works out both due moments (domain guide 2.3, K3 and K4, and 2.4).
func (t *caseTruth) dues(w *world, it *item, snapshot int32, hasSnapshot bool, extensions []extension) {
	accepted := localDay(t.acceptedAt)
	v := it.at(accepted)
	promise, legal, legalUnit := v.promise, v.legal, it.title.legalUnit
	if hasSnapshot {
		promise = snapshot
	}
	if legal == unlimited {
		legal, legalUnit = 20, "W"
	}
	promiseUnit := it.title.promiseUnit
	still := t.pausedDays + t.interruptedDays
	due := func(limit int32, unit string) int64 {
		if unit == "C" {
			day := accepted + limit
			for it.title.rollForward && !w.days.working(day) {
				day++
			}
			return endOf(day)
		}
		return endOf(w.days.add(accepted, limit+still))
	}
	t.legalDue = due(legal+t.extendedDays, legalUnit)
	if legalUnit != "C" && it.title.itemType == "license" {
		// Licensing Law art. 42: once, before the due, ten days at most by the head of an
		// agency; what goes beyond has no effect.
		t.legalDue = due(legal, legalUnit)
		for _, x := range extensions {
			if x.at <= t.legalDue {
				t.legalDue = due(legal+min(x.days, 10), legalUnit)
				break
			}
		}
	}
	t.limit, t.limitUnit = promise, promiseUnit
	if promise == unlimited || promiseUnit == legalUnit && promise > legal {
		t.limit, t.limitUnit = legal, legalUnit
		t.promiseDue = t.legalDue // the law is the only promise, or the better one
		return
	}
	if promise > 0 {
		t.promiseDue = due(promise, promiseUnit)
		return
	}
	// On the spot: today if the hall was open, else the next working day.
	if w.days.working(accepted) && t.acceptedAt < startOf(accepted)+closing {
		t.promiseDue = endOf(accepted)
	} else {
		t.promiseDue = endOf(w.days.add(accepted, 1))
	}
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
	return asOf > due && t.pausedUntil == 0
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

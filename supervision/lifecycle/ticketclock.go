package lifecycle

import (
	"cmp"
	"slices"
	"strings"

	"duban/ingest/event"
	"duban/supervision/calendar"
)

// dispatch sends the ticket to an organisation. The first dispatch starts the
// finish clock. After a return the clock starts anew for the new organisation
// when the return was accepted, and runs on when it was rejected. The ruling is the
// hotline's and lies in this dispatch: to whoever had it is a rejection whatever anybody
// says, to another is an acceptance unless the dispatch says no. What the return
// says of itself is the wish of who returns.
func (t *ticketFold) dispatch(e *event.Ticket, at int64, in desk) {
	asked, inTime := t.returnedAt, t.returnedInTime
	t.returnedAt, t.returnedInTime = 0, false
	accepted := in == deskReturned && e.OrgCode != "" && e.OrgCode != t.sentTo && e.OrgCode != t.returnedBy && t.p.accepted != no
	last(&t.sentTo, e.OrgCode)
	if t.ownProcess {
		return
	}
	t.cancelClock(&t.sign, at)
	if t.cur.StopAt == 0 || accepted { // who has answered has nothing to sign for any more
		t.sign = t.startSign(at)
	}
	switch {
	case t.startAt == 0:
		t.startFinish(at, false)
	case accepted:
		if !inTime {
			asked = at // the time ran on until the ticket went to another
		}
		t.giveUp(asked)
		t.cur.StopAt = 0 // what was answered while the ruling was open, another answers anew
		t.startFinish(at, false)
	}
}

// asksBack notes a return that waits for its ruling: who made it, and whether within T4.
func (t *ticketFold) asksBack(at int64) {
	t.returnedAt, t.returnedBy = at, t.holder
	t.returnedInTime = t.giveBack >= 0 && at <= t.out.Clocks[t.giveBack].DueAt
}

// giveUp ends the clock of the organisation whose return was accepted: with the return
// when it was made within T4, as from then on it was not its ticket, however long the
// ruling took, else with the ruling. What it had missed by then stays missed.
func (t *ticketFold) giveUp(end int64) {
	if end == 0 || t.finish < 0 {
		return
	}
	late := t.passed != 0 && end > t.passed
	if t.passed != 0 && !late && t.missedHere {
		t.cur.MissedDue, t.cur.MissedOrg, t.missedHere = 0, "", false
	}
	k := &t.out.Clocks[t.finish]
	t.cancelClock(&t.finish, end)
	if late {
		k.Outcome = Missed
	}
}

// startFinish starts T5, or T8 after a redo order; a running one is cancelled.
func (t *ticketFold) startFinish(at int64, redo bool) {
	t.cancelClock(&t.finish, at)
	t.startAt, t.redo, t.extended, t.extendedAt, t.askedAt = at, redo, 0, 0, 0
	t.passed, t.base, t.missedHere, t.notBefore = 0, 0, false, 0
	name := "T5"
	if redo {
		name = "T8"
	}
	t.finish = t.addClock(name, at)
}

// stop stops the finish clock, once. A deadline of a source that comes with the answer
// itself may be over by then: it is missed as any other.
func (t *ticketFold) stop(at int64) {
	if t.cur.StopAt != 0 {
		return
	}
	if t.start() != 0 && t.excluded() == "" { // by an end too, which has moved the state already
		t.lapse(at)
	}
	t.cur.StopAt, t.atStop = at, t.holder
}

// resume takes the stop back: the organisation that had the ticket has it again
// unless the fact says another.
func (t *ticketFold) resume(e *event.Ticket) {
	t.finishClock()
	if t.cur.StopAt != 0 && e.OrgCode == "" {
		t.holder = t.atStop
	}
	t.cur.StopAt = 0
}

// reopen lets the ticket go on with the time that was left; one that never had
// a clock gets one now.
func (t *ticketFold) reopen(e *event.Ticket, at int64) {
	t.askedAt = 0
	stop := t.cur.StopAt
	if t.ownProcess || t.startAt != 0 {
		if stop != 0 {
			var place int
			t.out.Pauses, place = insertPause(t.out.Pauses, Pause{Kind: PauseReopened, FromAt: stop, ToAt: at})
			t.spans.forget(place)
		}
		if t.cur.StopAt != 0 && e.OrgCode == "" {
			t.holder = t.atStop
		}
		t.cur.StopAt = 0
	} else {
		t.resume(e)
		t.startFinish(at, false)
	}
	t.cur.ClosedAt = 0
	t.outcome = ""
}

func (t *ticketFold) endHang(at int64) {
	if t.hung >= 0 {
		t.out.Pauses[t.hung].ToAt = at
		t.spans.forget(t.hung)
		t.hung = -1
	}
}

// startSign starts T3.
func (t *ticketFold) startSign(at int64) int {
	i := t.addClock("T3", at)
	t.dueSign(&t.out.Clocks[i])
	return i
}

// dueSign sets the due of T3: a working day after the dispatch, and for what is
// urgent an hour after it was told so.
func (t *ticketFold) dueSign(k *Clock) {
	due := t.f.cal.Due(k.StartAt, calendar.Limit{N: t.f.policy.SignDays}, 0, t.f.policy.DueIn(t.out.RegionCode))
	k.DueAt, k.Provisional = due.At, due.Provisional
	k.Limit, k.Unit = NullInt32{t.f.policy.SignDays, true}, string(calendar.WorkingDays)
	if hour := max(k.StartAt, t.urgentAt) + t.signMillis(); t.urgent && hour <= k.DueAt {
		k.DueAt, k.Provisional, k.Limit, k.Unit = hour, false, NullInt32{}, ""
	}
}

func (t *ticketFold) signMillis() int64 { return int64(t.f.policy.UrgentSignMinutes) * 60_000 }

func (t *ticketFold) addClock(name string, at int64) int {
	i := name[1] - '0'
	if len(name) > 2 {
		i = 10*i + name[2] - '0'
	}
	n := &t.runs[i]
	*n++
	t.out.Clocks = append(t.out.Clocks, Clock{Clock: name, No: *n, StartAt: at, Outcome: Running})
	return len(t.out.Clocks) - 1
}

func (t *ticketFold) stopClock(at *int, stop int64) {
	if *at >= 0 {
		k := &t.out.Clocks[*at]
		k.StopAt, k.Outcome = stop, outcome(stop, k.DueAt)
		*at = -1
	}
}

// cancelClock stops a clock that no longer matters.
func (t *ticketFold) cancelClock(at *int, stop int64) {
	if *at < 0 {
		return
	}
	if at == &t.finish {
		t.dues()
		t.fillFinish()
	}
	k := &t.out.Clocks[*at]
	k.StopAt, k.Outcome = stop, Cancelled
	// What had run out is not undone by an end: but T4 is a right, and what became of T5 and T8 is said by who ends them.
	if at != &t.finish && at != &t.giveBack && k.DueAt != 0 && stop > k.DueAt {
		k.Outcome = Missed
	}
	*at = -1
}

// fillFinish writes the limit and the due moment of the finish clock in force.
func (t *ticketFold) fillFinish() {
	k := &t.out.Clocks[t.finish]
	k.DueAt, k.PausedDays, k.ExtendedDays, k.Provisional = t.cur.DueAt, t.pausedDays, t.extended, t.cur.Provisional
	if t.passed != 0 { // what came after the due did not move it
		k.PausedDays = t.passedPaused
	}
	k.Limit, k.Unit = NullInt32{t.days, true}, string(calendar.WorkingDays)
	if t.days == 0 {
		k.Unit = string(calendar.CalendarDays)
	}
}

// finishClock closes the finish clock that stopped.
func (t *ticketFold) finishClock() {
	if t.finish < 0 {
		return
	}
	t.dues()
	t.fillFinish()
	k := &t.out.Clocks[t.finish]
	k.StopAt = t.cur.StopAt
	switch {
	case t.cur.StopAt == 0:
	case t.outcome != "":
		k.Outcome = Cancelled
	default:
		k.Outcome = outcome(k.StopAt, k.DueAt)
	}
	t.finish = -1
}

// finishClocks writes the clocks as of the last fact. In a source's own process
// the only clock is its deadline.
func (t *ticketFold) finishClocks() {
	if t.ownProcess {
		if start := t.start(); t.finish < 0 {
			t.startAt = start
			t.finish = t.addClock("T5", start)
		}
		k := &t.out.Clocks[t.finish]
		k.DueAt, k.StopAt, k.PausedDays = t.cur.DueAt, t.cur.StopAt, t.pausedDays
		switch {
		case k.DueAt == 0:
			k.Outcome = Unlimited
		case k.StopAt != 0 && t.outcome != "":
			k.Outcome = Cancelled
		case k.StopAt != 0:
			k.Outcome = outcome(k.StopAt, k.DueAt)
		}
	} else {
		t.finishClock()
	}
	slices.SortFunc(t.out.Clocks, func(a, b Clock) int {
		return cmp.Or(cmp.Compare(a.StartAt, b.StartAt), strings.Compare(a.Clock, b.Clock), cmp.Compare(a.No, b.No))
	})
}

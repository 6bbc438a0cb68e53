package lifecycle

import (
	"duban/ingest/event"
	"duban/supervision/calendar"
)

// What is due when, and what stays missed. The principle: a limit that ran out by the
// facts in force then is not undone by what happens later. Whatever is said of a
// ticket after its due (another kind, less urgency, a hang, a test flag, another
// holder) moves neither that due nor the exclusion nor who answers. Two decisions
// of the hotline take effect from when they were asked for, and the asking must have
// come in time: an extension (T6) and an accepted return (T4).

// limits are the working days of the finish limit (domain guide 3, T5 and T8), as of
// the kind, and those of an urgent ticket: half of them after a redo order, a started
// day counting whole, at least one.
func (t *ticketFold) limits() (ordinary, urgent int32) {
	days, ok := t.f.policy.TicketDays[t.out.Kind]
	if !ok {
		days = t.f.policy.TicketDefaultDays
	}
	if t.redo {
		return max((days+1)/2, 1), 1
	}
	return days, 0
}

// dues computes the due moment of the clock in force.
func (t *ticketFold) dues() {
	s := &t.cur
	s.DueAt, s.DueBasis, s.Provisional = 0, BasisNone, false
	start := t.start()
	if start != 0 {
		t.pausedDays = t.pausedSince(start)
	}
	switch {
	case t.passed != 0:
		s.DueAt, s.DueBasis, s.Provisional = t.passed, t.passedBasis, t.passedProvisional
		return
	case t.at == deskHung && s.MissedDue != 0:
		// What it missed before keeps it in the figures; a hang that was approved in time
		// leaves this clock without a due as long as it lasts.
		return
	case t.ownProcess:
		if s.DueAt = t.out.SourceDueAt; s.DueAt != 0 {
			s.DueBasis = BasisSource
		}
		return
	case start == 0:
		return
	}
	t.due = t.dueOf(start)
	s.DueAt, s.DueBasis = t.due.At, BasisRule
	s.Provisional = t.due.Provisional || t.hung >= 0
}

// pausedSince counts the paused working days since a start.
func (t *ticketFold) pausedSince(start int64) int32 {
	t.spans.fill(t.f.cal, t.out.Pauses)
	return t.spans.within(t.f.cal, len(t.out.Pauses), start, 1<<62)
}

// dueOf is the due of T5 or T8. An urgent ticket is due on the day on which it became
// urgent, working day or not, but not before the hour in which it may be signed for is
// over, nor later than it was due anyway. A limit that was shortened on the way does
// not end before the day on which the organisation was told so.
func (t *ticketFold) dueOf(start int64) calendar.Due {
	if t.base != 0 {
		return t.dueLater(start)
	}
	ordinary, urgent := t.limits()
	t.days = ordinary
	due := t.f.cal.Due(start, calendar.Limit{N: ordinary}, addDays(t.pausedDays, t.extended), t.f.policy.DueIn(t.out.RegionCode))
	if due.At < t.notBefore {
		due.At, due.Day = t.notBefore, calendar.DayOf(t.notBefore)
	}
	if !t.urgent {
		return due
	}
	return t.dueUrgent(start, urgent, due)
}

// dueLater is the due of a clock that was extended when its due had passed: that due and
// the days that were granted, with what stood still since. The kind and the urgency stay
// as they were at the due; urgent may only shorten it, told after the grant.
func (t *ticketFold) dueLater(start int64) calendar.Due {
	paused := t.pausedSince(t.base)
	t.pausedDays = addDays(t.basePaused, paused)
	due := t.f.cal.Due(t.base, calendar.Limit{N: t.extended}, paused, t.f.policy.DueIn(t.out.RegionCode))
	due.Provisional = due.Provisional || t.baseProvisional
	if !t.urgent || t.urgentAt <= t.extendedAt {
		return due
	}
	_, urgent := t.limits()
	return t.dueUrgent(start, urgent, due)
}

// dueUrgent is the due of an urgent ticket whose due is otherwise another.
func (t *ticketFold) dueUrgent(start int64, urgent int32, due calendar.Due) calendar.Due {
	from, extended := max(start, t.urgentAt), t.extended
	if t.extendedAt < from {
		extended = 0
	}
	extra := addDays(t.pausedSince(from), extended)
	same := t.f.cal.Due(from, calendar.Limit{N: urgent}, extra, t.f.policy.DueIn(t.out.RegionCode))
	if urgent == 0 {
		day := calendar.DayOf(from)
		if extra > 0 {
			day = t.f.cal.AddWD(day, extra)
		}
		at := max(day.End(), from+t.signMillis())
		same = calendar.Due{At: at, Day: calendar.DayOf(at), Provisional: t.f.cal.ProvisionalSpan(calendar.DayOf(from), day)}
	}
	if from > start && due.At <= same.At {
		return due
	}
	t.days = urgent
	return same
}

// running reports whether the finish clock runs: a hang that was approved in time
// stops it.
func (t *ticketFold) running() bool {
	return t.cur.StopAt == 0 && t.start() != 0 && t.at&deskEnd == 0 && t.excluded() == ""
}

// pass notes, before a fact of an instant is applied, that the limit ran out before
// it. From then on nothing moves the due of this clock, and the first one of the
// ticket stays on record with who held it.
func (t *ticketFold) pass(at int64) {
	if t.running() {
		t.lapse(at)
	}
}

// lapse is pass for a clock that runs, or is about to stop.
func (t *ticketFold) lapse(at int64) {
	if t.passed != 0 {
		return
	}
	t.dues()
	if t.cur.DueAt == 0 || at <= t.cur.DueAt {
		return
	}
	t.passed, t.passedBasis, t.passedProvisional, t.passedPaused = t.cur.DueAt, t.cur.DueBasis, t.cur.Provisional, t.pausedDays
	if t.cur.MissedDue == 0 {
		t.cur.MissedDue, t.cur.MissedOrg, t.missedHere = t.passed, t.holder, true
	}
	t.dirty = true
}

// forgive takes back that the limit of the clock in force ran out.
func (t *ticketFold) forgive() {
	t.passed = 0
	if t.missedHere {
		t.cur.MissedDue, t.cur.MissedOrg, t.missedHere = 0, "", false
	}
}

// extend grants more time (T6): once, asked for before the due, and not for longer
// than it may be. That the hotline decides after the due does not harm who asked in
// time; the clock T6 shows it: the due that had passed moves by the days granted, and by
// nothing else that was said meanwhile. The deadline of a source of its own is not extended.
func (t *ticketFold) extend(at int64) {
	if t.p.approved == no { // a refusal by another name
		t.askedAt = 0
		return
	}
	t.cur.Extensions++
	asked := at
	if t.askedAt != 0 {
		asked = t.askedAt
	}
	t.askedAt = 0
	if t.ownProcess || t.extended != 0 || t.passed != 0 && asked > t.passed {
		return
	}
	days := max(0, min(t.p.days.V, t.f.policy.TicketExtendDays))
	if days == 0 {
		return
	}
	if t.passed != 0 {
		t.base, t.basePaused, t.baseProvisional = t.passed, t.passedPaused, t.passedProvisional
		t.forgive()
	}
	t.extended, t.extendedAt = days, at
}

// setKind takes the kind, which decides about the limit. What was answered by its due
// is not late by a shorter kind that is told afterwards.
func (t *ticketFold) setKind(e *event.Ticket, at int64) {
	if e.Kind == "" || e.Kind == t.out.Kind {
		return
	}
	t.dirty = true
	if t.startAt == 0 || t.ownProcess || t.passed != 0 {
		t.out.Kind = e.Kind
		return
	}
	t.dues()
	before := t.cur.DueAt
	t.out.Kind = e.Kind
	switch t.dues(); {
	case t.cur.DueAt >= before:
	case t.cur.StopAt != 0:
		t.notBefore = max(t.notBefore, before)
	default:
		t.notBefore = max(t.notBefore, min(before, calendar.DayOf(at).End()))
	}
}

// setUrgent takes whether the ticket is urgent, and when it became so.
func (t *ticketFold) setUrgent(f flag, at int64) {
	if f == absent || t.urgent == (f == yes) {
		return
	}
	t.urgent, t.urgentAt, t.dirty = f == yes, 0, true
	if t.urgent {
		t.urgentAt = at
	}
	if t.sign >= 0 {
		if k := &t.out.Clocks[t.sign]; at <= k.DueAt {
			t.dueSign(k)
		}
	}
}

// hold takes who has the ticket: whoever it is sent to, and who signs, handles and
// answers it. What others say of it, and what the life cycle does not allow, moves it to nobody.
func (t *ticketFold) hold(e *event.Ticket) {
	if e.OrgCode == "" || e.OrgCode == t.holder {
		return
	}
	switch e.Type {
	case event.TReceive, event.TAnswerDirect, event.TDispatch, event.TRedispatch, event.TSign, event.TProcess, event.TReply,
		event.TRedo, event.TReopen:
	default:
		if t.holder != "" && !t.ownProcess {
			return
		}
	}
	t.holder, t.dirty = e.OrgCode, true
}

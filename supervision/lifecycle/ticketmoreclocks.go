package lifecycle

import (
	"slices"

	"duban/ingest/event"
	"duban/supervision/calendar"
)

// The clocks of a ticket beside signing (T3) and handling (T5, T8), by domain
// guide 3. They stop by the facts that the guide measures them with; what it
// leaves open is said at each. A source's own process has none of them.

// startMedia starts the clocks of the media with the receipt.
//
// T1 is the answer to a call: from the instant that the call was put into the
// queue, which the receipt tells with queued_at, until the receipt. T2 is the
// answer to a message, from its receipt until the centre first handles it: three
// minutes for text messages and social media, 24 hours of the clock for the
// mailbox and what is written like it (messages on the site and in the app). Other
// channels have no limit in the guide; a ticket that is never dispatched is R-HOT-01-D.
func (t *ticketFold) startMedia(at int64) {
	if t.ownProcess {
		return
	}
	policy := &t.f.policy
	switch channel := t.out.Channel; {
	case channel == "phone" && t.p.queuedAt != 0 && t.p.queuedAt <= at:
		i := t.addClock("T1", t.p.queuedAt)
		t.out.Clocks[i].DueAt = t.p.queuedAt + int64(policy.AnswerSeconds)*1000
		t.stopClock(&i, at)
	case slices.Contains(policy.QuickChannels, channel):
		t.media = t.addClock("T2", at)
		t.out.Clocks[t.media].DueAt = at + int64(policy.QuickMinutes)*60_000
	case slices.Contains(policy.MailChannels, channel):
		t.media = t.addClock("T2", at)
		t.out.Clocks[t.media].DueAt = at + int64(policy.MailHours)*3_600_000
	}
}

// startReturn starts T4, the time in which the organisation may ask to give the
// ticket back, with its dispatch. It is a right and no duty: that it ran out
// says nothing, a return after it is missed.
func (t *ticketFold) startReturn(at int64) {
	t.cancelClock(&t.giveBack, at)
	t.giveBack = t.addWorkdays("T4", at, t.f.policy.ReturnDays)
}

// startExtension starts T6 with the request for an extension: it has to be
// decided before the handling clock, as it stands, is due, because an extension
// is granted before the due only.
func (t *ticketFold) startExtension(at int64) {
	if t.ownProcess || t.finish < 0 {
		return
	}
	t.cancelClock(&t.extension, at)
	t.dues()
	t.extension = t.addClock("T6", at)
	k := &t.out.Clocks[t.extension]
	k.DueAt, k.Provisional = t.cur.DueAt, t.cur.Provisional
}

// startVisit starts T7 with the reply; any attempt to visit stops it.
func (t *ticketFold) startVisit(at int64) {
	if t.ownProcess {
		return
	}
	t.cancelClock(&t.visit, at)
	t.visit = t.addWorkdays("T7", at, t.f.policy.VisitDays)
}

// urged starts T9 with the written notice to an organisation that is late or
// about to be. A reply, a request for an extension, a return or a hang answers
// it; a second notice does not give new time.
func (t *ticketFold) urged(at int64) {
	if t.ownProcess || t.urge >= 0 || t.finish < 0 || t.cur.StopAt != 0 {
		return
	}
	t.urge = t.addWorkdays("T9", at, t.f.policy.UrgeDays)
}

// problem starts T10 when the ticket becomes one for its superior: with the third
// redo order, or when the third organisation gave it back. It runs until it is
// escalated or ends; the guide sets no limit.
func (t *ticketFold) problem(at int64) {
	if t.ownProcess || t.escalate >= 0 || t.escalated {
		return
	}
	if int32(t.cur.Redos) >= t.f.policy.ProblemRedos || int32(len(t.refused)) >= t.f.policy.ProblemRefusals {
		t.escalate = t.addClock("T10", at)
	}
}

// refuse notes that an organisation gave the ticket back, as long as that is counted.
func (t *ticketFold) refuse(org string) {
	if org != "" && len(t.refused) < int(t.f.policy.ProblemRefusals) && !slices.Contains(t.refused, org) {
		t.refused = append(t.refused, org)
	}
}

// addWorkdays adds a clock with a limit in working days.
func (t *ticketFold) addWorkdays(name string, at int64, days int32) int {
	i := t.addClock(name, at)
	k := &t.out.Clocks[i]
	due := t.f.cal.Due(at, calendar.Limit{N: days}, 0, t.f.policy.DueIn(t.out.RegionCode))
	k.DueAt, k.Provisional = due.At, due.Provisional
	k.Limit, k.Unit = NullInt32{days, true}, string(calendar.WorkingDays)
	return i
}

// others is what a legal event does to these clocks.
func (t *ticketFold) others(e *event.Ticket, at int64) {
	switch e.Type {
	case event.TReceive:
		t.startMedia(at)
		return
	case event.TDispatch, event.TRedispatch:
		t.stopClock(&t.media, at)
		if !t.ownProcess {
			t.startReturn(at)
		}
	case event.TReturn:
		t.stopClock(&t.giveBack, at)
		t.stopClock(&t.urge, at)
		t.refuse(t.sentTo)
		t.problem(at)
	case event.TProcess:
		t.cancelClock(&t.giveBack, at)
	case event.TExtendRequest:
		t.cancelClock(&t.giveBack, at)
		t.stopClock(&t.urge, at)
		t.startExtension(at)
	case event.TExtendApprove, event.TExtendReject:
		if t.extension >= 0 {
			t.out.Clocks[t.extension].ExtendedDays = t.granted(e)
		}
		t.stopClock(&t.extension, at)
	case event.THang:
		t.cancelClock(&t.giveBack, at)
		t.stopClock(&t.urge, at)
	case event.TReply:
		t.cancelClock(&t.giveBack, at)
		t.cancelClock(&t.extension, at)
		t.startVisit(at)
	case event.TVisit:
		t.stopClock(&t.visit, at)
	case event.TRedo:
		t.cancelClock(&t.visit, at)
		t.problem(at)
	case event.TAnswerDirect, event.TClose, event.TInvalid, event.TMerge:
		t.stopClock(&t.media, at)
		for _, k := range []*int{&t.giveBack, &t.extension, &t.visit, &t.urge, &t.escalate} {
			t.cancelClock(k, at)
		}
	}
}

// granted is how many days an approval gives.
func (t *ticketFold) granted(e *event.Ticket) int32 {
	if e.Type == event.TExtendApprove && t.p.approved != no {
		return t.p.days.V
	}
	return 0
}

// notes is what an event that moves no state does to these clocks.
func (t *ticketFold) notes(e *event.Ticket, at int64) {
	switch e.Type {
	case event.TUrge:
		t.urged(at)
	case event.TEscalate:
		t.escalated = true
		if t.escalate >= 0 {
			t.out.Clocks[t.escalate].StopAt, t.out.Clocks[t.escalate].Outcome = at, Unlimited
			t.escalate = -1
		}
	}
}

package lifecycle

import (
	"slices"
	"strings"

	"duban/ingest/event"
	"duban/supervision/calendar"
)

// ticketFold is the fold of one ticket at work.
type ticketFold struct {
	f     *Folder
	out   *TicketState
	p     payload
	at    desk
	cur   TicketSnapshot
	dirty bool

	ownProcess             bool
	begun                  bool // received, dispatched or answered
	urgent, isTest, secret bool // test and secret since the first fact, or by an amend: in no figure
	flags                  firstFlags
	hidden                 bool  // secret by a later fact
	urgentAt               int64 // since when it is urgent
	regimeRefused          bool  // the fact at hand asks for limits of its own that it may not have
	firstAt                int64
	outcome                Exclusion
	holder, atStop, sentTo string
	startAt                int64 // of the running T5 or T8
	redo                   bool  // T8 runs
	extended               int32
	extendedAt             int64
	askedAt                int64  // the request for an extension that waits for its answer
	returnedAt             int64  // the return that waits for its ruling
	returnedBy             string // who had the ticket then
	returnedInTime         bool   // within T4
	passed                 int64  // the due of the running T5 or T8, once it has passed
	passedBasis            Basis
	passedProvisional      bool
	passedPaused           int32
	base                   int64 // the due that had passed when more time was granted
	basePaused             int32
	baseProvisional        bool
	missedHere             bool  // the due that counts as missed is that of the running clock
	notBefore              int64 // a limit shortened on the way does not end before
	days                   int32 // the limit behind the due
	sign, finish           int   // running T3, and T5 or T8, in out.Clocks; -1 = none
	hung                   int   // open pause in out.Pauses, -1 = none
	// running T2, T4, T6, T7, T9 and T10 in out.Clocks, -1 = none
	media, giveBack, extension, visit, urge, escalate int
	escalated                                         bool
	refused                                           []string // organisations that gave it back
	runs                                              [11]uint16
	due                                               calendar.Due
	pausedDays                                        int32
	spans                                             pauseSpans
}

func (s *TicketState) reset() {
	*s = TicketState{
		Attributes: s.Attributes[:0], History: s.History[:0], Clocks: s.Clocks[:0],
		Illegal: s.Illegal[:0], Pauses: s.Pauses[:0], FactEntries: s.FactEntries[:0],
	}
}

// fold folds the facts in force of the resolver into out, which is reset.
func (t *ticketFold) fold(facts []event.Ticket, out *TicketState) {
	r := &t.f.resolver
	*t = ticketFold{f: t.f, out: out, p: payload{attributes: t.p.attributes}, at: deskNone, sign: -1, finish: -1, hung: -1,
		media: -1, giveBack: -1, extension: -1, visit: -1, urge: -1, escalate: -1, refused: t.refused[:0], spans: t.spans}
	t.spans.reset()
	t.f.attributes.reset()
	out.SourceSys, out.TicketNo = facts[0].SourceSys, facts[0].TicketNo
	out.Conflict, out.Facts = r.conflict, r.inForce
	out.FirstAt, out.LastAt = r.firstAt, r.lastAt
	out.CalendarVersion = t.f.cal.Version()
	if len(r.facts) == 0 {
		if out.FirstAt == 0 {
			out.FirstAt, out.LastAt = r.seenAt, r.seenAt
		}
		out.History = append(out.History, t.cur.void().movedTo(r.seenAt))
		return
	}
	t.firstAt = r.facts[0].at
	t.dirty = true
	for i := range r.facts {
		x := &r.facts[i]
		if i == 0 {
			t.first(facts, x)
		}
		t.apply(&facts[x.idx], x)
		if i+1 < len(r.facts) && r.facts[i+1].at == x.at {
			continue
		}
		t.snapshot(x.at)
	}
	if r.passing {
		return
	}
	t.finishClocks()
	out.OrgCode = t.cur.Org
	out.Urgent, out.IsTest, out.Secret, out.Hidden = t.urgent, t.isTest, t.secret, t.hidden && !t.secret
	slices.SortFunc(out.Attributes, func(a, b Attribute) int { return strings.Compare(a.Key, b.Key) })
	if late := t.flags.late(out.eachDue); late != (flags{}) {
		defer func() { t.f.refused = flags{} }()
		t.f.refused = flags{test: late.test || t.f.refused.test, secret: late.secret || t.f.refused.secret}
		out.reset()
		t.fold(facts, out)
	}
}

// eachDue calls a function with each due that the ticket has or had, zero for none.
func (s *TicketState) eachDue(each func(int64)) {
	for i := range s.History {
		each(s.History[i].DueAt)
	}
	for i := range s.Clocks {
		each(s.Clocks[i].DueAt)
	}
}

// start is when the finish clock that is in force started, 0 when none has.
func (t *ticketFold) start() int64 {
	switch {
	case !t.ownProcess || t.startAt != 0:
		return t.startAt
	case t.cur.DispatchedAt != 0:
		return t.cur.DispatchedAt
	case t.cur.ReceivedAt != 0:
		return t.cur.ReceivedAt
	}
	return t.firstAt
}

// snapshot writes what holds from an instant on.
func (t *ticketFold) snapshot(at int64) {
	if !t.dirty {
		return
	}
	t.dirty = false
	t.dues()
	s := &t.cur
	s.At = at
	s.State = t.at.status()
	s.Excluded = t.excluded()
	s.Org, s.Kind = t.holder, t.out.Kind
	s.NetDays, s.MarginDays = NullInt32{}, NullInt32{}
	if s.StopAt != 0 {
		s.Org = t.atStop
		if start := t.start(); start != 0 {
			net := t.f.cal.CountWD(calendar.DayOf(start), calendar.DayOf(s.StopAt)) - t.pausedDays
			s.NetDays = NullInt32{V: max(net, 0), OK: true}
		}
		s.MarginDays = margin(t.f.cal, s.StopAt, s.DueAt)
	}
	t.out.History = appendSnapshot(t.out.History, *s)
}

// excluded applies the exclusions of domain guide 3.
func (t *ticketFold) excluded() Exclusion {
	switch {
	case t.isTest:
		return ExcludedTest
	case t.secret:
		return ExcludedSecret
	case !t.begun:
		return ExcludedIncomplete
	case t.at == deskHung && t.cur.MissedDue == 0:
		return ExcludedHung
	}
	return t.outcome
}

// apply folds one fact.
func (t *ticketFold) apply(e *event.Ticket, x *ref) {
	t.pass(x.at)
	t.beginAnew(e.Type)
	t.p = payload{attributes: t.p.attributes[:0]}
	if len(e.Payload) > 2 || len(x.amends) > 0 {
		t.f.payloadOf(e.Payload, x.amends, &t.p)
		t.amended(x.amends)
		t.common(&t.p, e.Type, x.at)
	}
	t.enter(e, x)
	t.subject(e, x.at)
	if e.Activity != "" {
		t.out.Activities++
	}
	tr, moves := ticketTransitionOf(e.Type)
	if !moves || e.Type == event.THang && t.p.approved == no { // a hang that was refused is none
		t.hold(e)
		t.notes(e, x.at)
		return
	}
	in := t.at
	legal := in == deskNone || tr.from&in != 0 || (t.ownProcess && in&deskOpen != 0)
	if e.Type == event.TReopen && legal && t.cur.ClosedAt != 0 && !t.ownProcess {
		days := calendar.DayOf(x.at) - calendar.DayOf(t.cur.ClosedAt)
		legal = int32(days) <= t.f.policy.ReopenDays
	}
	switch {
	case !legal && t.decides(e.Type, in):
		t.dirty = true
		t.effect(e, x.at, in)
		return
	case !legal && t.answers(e, in):
		t.illegal(e, x) // it does answer the ticket
		if in == deskReturned {
			t.answer(x.at)
			return
		}
	case !legal:
		t.illegal(e, x)
		t.begin(e, x.at)
		return
	}
	if e.Type == event.TClose && in&(deskClosable|deskNone) == 0 && !t.ownProcess {
		t.illegal(e, x) // it does end the ticket
	}
	t.dirty = true
	if legal {
		t.f.inOrder(e.EventID)
	}
	t.hold(e)
	t.begin(e, x.at)
	if e.Type != event.TReceive || in == deskNone {
		t.at = tr.to
	}
	if in == deskHung && t.at != deskHung {
		t.endHang(x.at)
	}
	t.effect(e, x.at, in)
	t.others(e, x.at)
}

// answers reports whether a reply that the life cycle does not allow is the answer of who has
// the ticket all the same: it was not signed for, or the hotline has not decided yet on
// an extension, a hang or a return. Who answers in time is not late by what others have
// still to say.
func (t *ticketFold) answers(e *event.Ticket, in desk) bool {
	return e.Type == event.TReply && in&(deskDispatched|deskPendingExt|deskHung|deskReturned) != 0 && t.startAt != 0 &&
		(e.OrgCode == "" || e.OrgCode == t.holder)
}

// decides reports whether the hotline decides on an extension that was asked for before the answer:
// who asked in time is not late because he answered before the ruling. The state stays.
func (t *ticketFold) decides(typ event.TicketType, in desk) bool {
	return (typ == event.TExtendApprove || typ == event.TExtendReject) && t.askedAt != 0 && in&(deskReplied|deskVisiting|deskClosed) != 0
}

// answer stops what a reply stops. One to a ticket that was given back leaves it there, as
// the hotline rules on the return.
func (t *ticketFold) answer(at int64) {
	t.dirty = true
	t.stop(at)
	t.stopClock(&t.sign, at)
	t.stopClock(&t.urge, at)
}

// beginAnew lets a receipt or dispatch begin a ticket of which only other things were known:
// what is dated before the beginning moves nothing, and has no clocks. In a process of
// the source's own, as was known before this fact, an end may be told before it. What was
// answered on the call, taken up again and late by then has begun.
func (t *ticketFold) beginAnew(typ event.TicketType) {
	began := t.cur.ReceivedAt != 0 || t.cur.DispatchedAt != 0 || t.begun && t.cur.MissedDue != 0
	if typ != event.TReceive && typ != event.TDispatch || t.ownProcess || began {
		return
	}
	t.startAt, t.redo, t.extended, t.extendedAt, t.askedAt, t.returnedAt = 0, false, 0, 0, 0, 0
	t.passed, t.base, t.missedHere, t.notBefore = 0, 0, false, 0
	t.cur.MissedDue, t.cur.MissedOrg, t.cur.Redos, t.cur.Extensions = 0, "", 0, 0
	t.at, t.outcome, t.dirty = deskNone, "", true
	t.cur.StopAt, t.cur.ClosedAt = 0, 0
	t.out.Clocks, t.runs = t.out.Clocks[:0], [11]uint16{}
	t.out.Pauses, t.refused, t.escalated = t.out.Pauses[:0], t.refused[:0], false
	t.spans.reset()
	for _, k := range []*int{&t.sign, &t.finish, &t.hung, &t.media, &t.giveBack, &t.extension, &t.visit, &t.urge, &t.escalate} {
		*k = -1
	}
}

// begin notes when the ticket was received and dispatched.
func (t *ticketFold) begin(e *event.Ticket, at int64) {
	switch e.Type {
	case event.TReceive:
		if t.cur.ReceivedAt == 0 {
			t.cur.ReceivedAt, t.dirty = at, true
		}
	case event.TDispatch:
		if t.cur.DispatchedAt == 0 {
			t.cur.DispatchedAt, t.dirty = at, true
		}
	case event.TAnswerDirect:
	default:
		return
	}
	t.begun, t.dirty = true, true
}

// effect is what a legal event does to the clocks.
func (t *ticketFold) effect(e *event.Ticket, at int64, in desk) {
	switch e.Type {
	case event.TDispatch, event.TRedispatch:
		t.dispatch(e, at, in)
	case event.TSign:
		t.stopClock(&t.sign, at)
	case event.TReturn:
		t.asksBack(at)
		t.cancelClock(&t.sign, at)
	case event.TExtendApprove:
		t.extend(at)
	case event.TExtendRequest:
		t.askedAt = at
	case event.TExtendReject:
		t.askedAt = 0
	case event.THang:
		if t.f.policy.HangPauses && t.hung < 0 && t.passed == 0 {
			t.hung = len(t.out.Pauses)
			t.out.Pauses = append(t.out.Pauses, Pause{Kind: PauseHung, FromAt: at})
		}
	case event.TReply:
		t.answer(at)
	case event.TRedo:
		t.cur.Redos++
		t.resume(e)
		if !t.ownProcess {
			t.startFinish(at, true)
		}
	case event.TAnswerDirect, event.TClose:
		t.cur.ClosedAt = at
		if in == deskHung && t.cur.MissedDue == 0 {
			t.outcome = ExcludedHung // closed as not solvable
		}
		t.stop(at)
		t.cancelClock(&t.sign, at)
	case event.TInvalid, event.TMerge:
		t.cur.ClosedAt = at
		if t.cur.MissedDue == 0 {
			t.outcome = ExcludedInvalid
			if e.Type == event.TMerge {
				t.outcome = ExcludedMerged
			}
		}
		t.cancelClock(&t.sign, at)
		if t.start() != 0 {
			t.stop(at)
		}
	case event.TReopen:
		t.reopen(e, at)
	}
}

// illegal keeps a fact whose transition is not allowed.
func (t *ticketFold) illegal(e *event.Ticket, x *ref) {
	if t.f.resolver.passing {
		return
	}
	f := &t.out.FactEntries[len(t.out.FactEntries)-1]
	f.Legal = false
	_, f.Excused = t.f.legal[e.EventID]
	t.out.Illegal = append(t.out.Illegal, Illegal{EventID: e.EventID, Type: string(e.Type), At: x.at, From: string(t.at.status())})
}

// first takes the flags of the first fact.
func (t *ticketFold) first(facts []event.Ticket, x *ref) {
	if e := &facts[x.idx]; len(e.Payload) <= 2 {
		return
	}
	t.f.payloadOf(facts[x.idx].Payload, nil, &t.p)
	t.flags = t.f.firstFlags(x, &t.p, len(facts), func(i int) delivery {
		return delivery{facts[i].EventID, facts[i].Payload, facts[i].Origin.ReceivedAt}
	})
	t.isTest, t.secret = t.flags.test, t.flags.secret
	t.hidden = t.p.secret == yes
}

// amended takes what amends say of the flags: they count whatever fact they name.
func (t *ticketFold) amended(amends []int32) {
	if len(amends) == 0 {
		return
	}
	test, secret := t.f.amendedFlags(amends)
	if test != absent && t.isTest != (test == yes) {
		t.isTest, t.dirty = test == yes, true
	}
	if secret != absent {
		t.dirty = t.dirty || t.secret != (secret == yes)
		t.secret, t.hidden = secret == yes, false
	}
}

// common takes the payload keys that any ticket event may carry; see caseFold.common.
func (t *ticketFold) common(p *payload, typ event.TicketType, at int64) {
	o := t.out
	t.hidden = t.hidden || p.secret == yes
	t.setUrgent(p.urgent, at)
	// A deadline of the source that is over, or was kept or missed, is not moved by what it says
	// afterwards.
	running := !t.ownProcess || t.cur.StopAt == 0
	begins := typ == event.TReceive && t.cur.ReceivedAt == 0 || typ == event.TDispatch && t.cur.DispatchedAt == 0
	moves := o.SourceDueAt == 0 && (running || begins) || at <= o.SourceDueAt && running
	if p.sourceDueAt != 0 && p.sourceDueAt != o.SourceDueAt && moves {
		o.SourceDueAt, t.dirty = p.sourceDueAt, true
	}
	t.regimeRefused = false
	if own := p.regime == "source"; p.regime != "" && t.ownProcess != own {
		// Which limits govern is decided by the first dispatch.
		if t.cur.DispatchedAt != 0 || t.startAt != 0 || t.cur.StopAt != 0 || t.cur.ClosedAt != 0 || !t.f.policy.ownLimits(o.SourceSys) {
			t.regimeRefused = own
		} else {
			t.ownProcess, t.dirty = own, true
		}
	}
	last(&o.SourceOnTime, p.sourceOnTime)
	last(&o.RepeatOf, p.repeatOf)
	o.Attributes = t.f.attributes.merge(o.Attributes, p.attributes)
}

// subject takes the columns that describe the ticket: the first region, channel
// and number, the latest kind and topic.
func (t *ticketFold) subject(e *event.Ticket, at int64) {
	o := t.out
	fill(&o.RegionCode, e.RegionCode, e.Type == event.TReceive && !t.begun)
	fill(&o.Channel, e.Channel, e.Type == event.TReceive && !t.begun)
	fill(&o.CalledNumber, e.CalledNumber, e.Type == event.TReceive && !t.begun)
	last(&o.Topic, e.Topic)
	last(&o.CaseNo, e.CaseNo)
	t.setKind(e, at)
}

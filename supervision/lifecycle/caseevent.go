package lifecycle

import (
	"slices"
	"strings"

	"duban/ingest/event"
	"duban/supervision/calendar"
)

// apply folds one fact.
func (c *caseFold) apply(e *event.Case, x *ref) {
	if told := e.Origin.ReceivedAt; e.Type == event.CorrectionSubmit && (!c.submitted || told < c.submissionTold) {
		c.submitted, c.submissionTold = true, told
	}
	c.beginAnew(e)
	c.p = payload{attributes: c.p.attributes[:0]}
	if len(e.Payload) > 2 || len(x.amends) > 0 {
		c.f.payloadOf(e.Payload, x.amends, &c.p)
		c.amended(x.amends)
		c.common(e, x)
	}
	c.enter(e, x)
	c.subject(e, x)
	if e.Activity != "" {
		c.out.Activities++
	}
	tr, moves := transitionOf(e.Type)
	if !moves {
		c.hearing(x.at)
		return
	}
	in := c.at
	if !c.allowed(e.Type, tr, x.at) {
		switch {
		case e.Type == event.Accept && c.cur.Deemed && !c.acceptSeen && in&(atWork|atSuspended) != 0:
			c.lateAccept(x.at)
		case tr.descriptive: // after the end: only stored
		default:
			c.illegal(e, x)
			c.outOfOrder(e, x)
		}
		return
	}
	if out := e.Type == event.Finish && in == atSuspended || e.Type == event.Accept && in == atCorrecting; out && !c.ownProcess {
		c.illegal(e, x) // it does end the case, or begin its clocks
	}
	if tr.to != 0 && !c.holdsBack(e.Type, in) {
		c.at = tr.to
	}
	if in&(atOpen|atNone) != 0 && c.at&(atOpen|atNone) == 0 {
		c.closedAt = x.at
	}
	if in == atSuspended && c.at != atSuspended {
		c.endSuspension(x.at)
	}
	c.dirty, c.stale = true, true
	c.f.inOrder(e.EventID)
	c.effect(e, x)
}

// allowed reports whether the life cycle lets an event happen to the case as it is. Consent
// by silence ends a part of a joint case (domain guide 2.5), another case only where it names the rule
// that says so (a renewal of a licence, Licensing Law art. 50) and the limit is over. An acceptance after a notice is out of order,
// but it is one: the authority's time runs, though nobody says what was handed in.
func (c *caseFold) allowed(t event.CaseType, tr transition, at int64) bool {
	if t == event.DeemedConsent && c.out.ParentCase == "" && !c.ownProcess && (strings.TrimSpace(c.p.rule) == "" || !c.dueBy(at)) {
		return false
	}
	return tr.allowed(c.at, c.ownProcess) || c.certificate(t, c.at) || t == event.Accept && c.at == atCorrecting
}

// beginAnew lets an application or acceptance begin a case of which only other things were
// known: what is dated before the beginning moves nothing, and is counted nowhere. An end is
// illegal there. In a process of the source's own, as was known before this fact, a
// result may be told before its beginning; and what the law has taken for accepted has begun, unless
// the submission that it rests on was told after the application.
func (c *caseFold) beginAnew(e *event.Case) {
	t := e.Type
	byLaw := c.cur.Deemed && (t == event.Accept || c.submissionTold < e.Origin.ReceivedAt)
	if t != event.Apply && t != event.Accept || c.ownProcess || c.applySeen || c.acceptSeen || byLaw {
		return
	}
	s := &c.cur
	s.StopAt, s.DecidedAt, s.FinishedAt, s.DeliveredAt = 0, 0, 0, 0
	s.Suspensions, s.Extensions = 0, 0
	c.at, c.outcome, c.ended, c.closedAt, c.out.ResultType = atNone, "", false, 0, ""
	if t == event.Apply {
		s.Corrections = 0
		s.AcceptedAt, s.Deemed, c.basis = 0, false, BasisNone
		c.steps, c.out.Steps, c.runs[6] = c.steps[:0], c.out.Steps[:0], 0
		clear(c.openSteps)
	}
	c.dirty, c.stale = true, true
	c.out.Clocks, c.runs = c.out.Clocks[:0], [13]uint16{6: c.runs[6]}
	for _, k := range []*int{&c.k1, &c.k2, &c.k5, &c.k7, &c.k8, &c.k10, &c.k11, &c.k12, &c.suspension, &c.fee} {
		*k = -1
	}
	c.deemAt, c.capAt, c.receivedAt = 0, 0, 0
	c.out.Pauses, c.granted = c.out.Pauses[:0], c.granted[:0]
	c.spans.reset()
	c.byLaw, c.byPromise = c.byLaw.reset(), c.byPromise.reset()
	if c.f.resolver.passing {
		return
	}
	for i := range c.out.FactEntries {
		if f := &c.out.FactEntries[i]; f.Legal && endsCase(event.CaseType(f.Type)) {
			f.Legal = false
			c.out.Illegal = append(c.out.Illegal, Illegal{EventID: f.EventID, Type: f.Type, At: f.At, From: string(f.State)})
		}
	}
}

// endsCase reports whether a type decides or ends a case.
func endsCase(t event.CaseType) bool {
	switch t {
	case event.Decide, event.Finish, event.DeemedConsent, event.Deliver, event.NotAccept, event.Withdraw, event.Terminate:
		return true
	}
	return false
}

// holdsBack reports whether an event of a source's own process would take the
// case back behind a state it has reached.
func (c *caseFold) holdsBack(t event.CaseType, in stage) bool {
	switch t {
	case event.Apply:
		return in != atNone
	case event.Accept:
		return in&(atNone|atSubmitted|atCorrecting) == 0
	}
	return false
}

// effect is the clock effect of a legal event (domain guide 2.2).
func (c *caseFold) effect(e *event.Case, x *ref) {
	t, s := x.at, &c.cur
	switch e.Type {
	case event.Apply:
		c.applied(t)
		if !c.ownProcess && c.at == atSubmitted {
			if slices.Contains(event.OnlineChannels(), c.out.Channel) {
				c.k1 = c.startClock("K1", t, calendar.Limit{N: c.f.policy.PrereviewDays})
			}
			c.startK2(t)
		}
	case event.PrereviewPass:
		c.stopClock(&c.k1, t)
	case event.PrereviewReject, event.CorrectionNotice:
		s.Corrections++
		c.stopClock(&c.k1, t)
		c.stopK2(t)
		c.startK8(t)
	case event.CorrectionSubmit:
		c.stopClock(&c.k8, t)
		if !c.ownProcess {
			c.startK2(t)
		}
	case event.Accept:
		c.stopClock(&c.k1, t)
		c.stopK2(t)
		if s.AcceptedAt == 0 {
			s.AcceptedAt = t
			c.setLimits()
		}
		c.cancelClock(&c.k8, t)
		c.startK10(t)
		c.acceptedBy(x)
	case event.NotAccept:
		c.cancelClock(&c.k8, t)
		c.stopClock(&c.k1, t)
		c.stopK2(t)
		c.endWithout(t, ExcludedNotAccepted)
	case event.StepStart:
		c.stepStart(e, x)
	case event.StepEnd:
		c.stepEnd(e, x)
	case event.SuspendStart:
		s.Suspensions++
		if c.p.suspendType == "hearing" {
			c.stopClock(&c.k11, t)
		}
		c.suspend(t)
	case event.Extend:
		s.Extensions++
		if s.AcceptedAt != 0 || c.ownProcess { // else no limit runs that it could extend
			c.grant(t)
		}
	case event.FeeNotice:
		c.feeNotice(t)
	case event.FeePaid:
		c.endFee(t)
	case event.Decide:
		c.answer(t)
		s.DecidedAt = t
		c.stop(t)
		c.result(t)
	case event.Finish:
		c.answer(t)
		s.FinishedAt = t
		c.stop(t)
		c.result(t)
		c.startK12(t)
	case event.DeemedConsent:
		c.answer(t)
		s.FinishedAt = t
		c.stop(t)
		c.out.ResultType = "deemed"
	case event.Deliver:
		if s.DeliveredAt == 0 {
			s.DeliveredAt = t
		}
		c.stopClock(&c.k5, t)
		if c.electronic() {
			c.stopClock(&c.k12, t)
		}
	case event.Withdraw:
		c.endWithout(t, ExcludedWithdrawn)
	case event.Terminate:
		if c.p.actor == "applicant" {
			c.endWithout(t, ExcludedTerminatedByApplicant)
		} else {
			c.endWithout(t, ExcludedTerminatedBeforeDue)
		}
	case event.Reopen:
		c.reopen(t)
	case event.Visit:
		s.Visits++
	case event.Transfer:
		if c.p.toOrg != "" {
			c.transferred = c.p.toOrg
		}
		c.stopClock(&c.k10, t)
	}
}

// outOfOrder is what an illegal event still says: that there was an
// application, that a notice went out, that a step was done, and when an
// acceptance clock that had run out was answered. The state stays.
func (c *caseFold) outOfOrder(e *event.Case, x *ref) {
	c.dirty = true
	switch e.Type {
	case event.Apply:
		c.applied(x.at)
	case event.Accept:
		c.acceptedBy(x)
	case event.PrereviewPass:
		c.stopClock(&c.k1, x.at)
	case event.PrereviewReject, event.CorrectionNotice:
		c.cur.Corrections++
		c.stopClock(&c.k1, x.at)
		c.stopK2(x.at)
	case event.NotAccept:
		c.stopClock(&c.k1, x.at)
		c.stopK2(x.at)
	case event.StepStart:
		c.stepStart(e, x)
	case event.StepEnd:
		c.stepEnd(e, x)
	}
}

// electronic reports whether a delivery is one of an electronic certificate: by what it
// says; one that does not say how is taken for it.
func (c *caseFold) electronic() bool {
	switch c.p.method {
	case "", "electronic", "online", "web", "app", "mini_program":
		return true
	}
	return c.p.certToken != ""
}

// certificate reports whether a second delivery is that of the electronic certificate
// which the first one left out.
func (c *caseFold) certificate(t event.CaseType, in stage) bool {
	return t == event.Deliver && in == atDelivered && c.k12 >= 0 && c.electronic()
}

// lateAccept takes the acceptance of a case that the law has already deemed
// accepted: the clocks keep their start, the notice brings the limits. One that comes
// when they have run out brings none: nobody gives himself more time by answering late.
func (c *caseFold) lateAccept(t int64) {
	c.dirty, c.stale = true, true
	c.acceptSeen = true
	c.stopClock(&c.k1, t)
	late := c.broken(t)
	c.stopK2(t)
	if !late {
		c.setLimits()
	}
	c.startK10(c.cur.AcceptedAt)
}

// answer stops what still waits for a first answer when a result comes: of a case that the
// law has deemed accepted the result is the first word.
func (c *caseFold) answer(t int64) {
	c.stopClock(&c.k1, t)
	c.stopK2(t)
}

// dueBy reports whether the promise or the legal limit was over by an instant, kept or not.
func (c *caseFold) dueBy(t int64) bool {
	c.dues()
	s := &c.cur
	return s.PromiseDue != 0 && t > s.PromiseDue || s.LegalDue != 0 && t > s.LegalDue
}

func (c *caseFold) applied(t int64) {
	c.applySeen = true
	if c.cur.AppliedAt == 0 {
		c.cur.AppliedAt = t
	}
}

// illegal keeps a fact whose transition is not allowed.
func (c *caseFold) illegal(e *event.Case, x *ref) {
	if c.f.resolver.passing {
		return
	}
	f := &c.out.FactEntries[len(c.out.FactEntries)-1]
	f.Legal = false
	_, f.Excused = c.f.legal[e.EventID]
	c.out.Illegal = append(c.out.Illegal, Illegal{EventID: e.EventID, Type: string(e.Type), At: x.at, From: string(c.at.status())})
}

// amended takes what amends say of the flags: they count whatever fact they name.
func (c *caseFold) amended(amends []int32) {
	if len(amends) == 0 {
		return
	}
	test, secret := c.f.amendedFlags(amends)
	if test != absent && c.isTest != (test == yes) {
		c.isTest, c.dirty = test == yes, true
	}
	if secret != absent {
		c.dirty = c.dirty || c.secret != (secret == yes)
		c.secret, c.hidden = secret == yes, false
	}
}

// settled reports whether what a fact says of the kind of the case, and of its parent,
// comes too late: that is settled by the acceptance (domain guide 5.1, C8), of a case that
// the law has deemed accepted until it is broken.
func (c *caseFold) settled(e *event.Case, x *ref) bool {
	return c.acceptSeen || c.afterEnd(e) || c.cur.Deemed && (e.Type != event.Accept || c.broken(x.at))
}

// afterEnd reports whether a fact is an acceptance of what has begun and come to its end,
// which makes the case nobody else's and nothing else.
func (c *caseFold) afterEnd(e *event.Case) bool {
	return e.Type == event.Accept && !c.ownProcess && (c.applySeen || c.acceptSeen) && (c.cur.StopAt != 0 || c.closedAt != 0)
}

// common takes the payload keys that any event may carry. is_test and secret are taken
// from the first fact (firstFlags) and from amends; what a later fact says of secret only
// hides the case.
func (c *caseFold) common(e *event.Case, x *ref) {
	p, o, at := &c.p, c.out, x.at
	c.hidden = c.hidden || p.secret == yes
	// A deadline of the source that is over, or was kept or missed, is not moved by what it
	// says afterwards, nor told first: but a beginning may be told after its result.
	running := !c.ownProcess || c.cur.StopAt == 0
	begins := e.Type == event.Apply && !c.applySeen || e.Type == event.Accept && !c.acceptSeen
	moves := o.SourceDueAt == 0 && (running || begins) || at <= o.SourceDueAt && running
	if p.sourceDueAt != 0 && p.sourceDueAt != o.SourceDueAt && moves {
		o.SourceDueAt = p.sourceDueAt
		c.dirty, c.stale = true, true
	}
	c.regimeRefused = false
	if own := p.regime == "source"; p.regime != "" && c.ownProcess != own {
		// Which limits govern is decided by the acceptance.
		if c.acceptSeen || c.cur.AcceptedAt != 0 || c.cur.StopAt != 0 || !c.f.policy.ownLimits(o.SourceSys) {
			c.regimeRefused = own
		} else {
			c.ownProcess = own
			c.dirty, c.stale = true, true
			if c.ownProcess {
				c.deemAt = 0
			}
		}
	}
	last(&o.SourceOnTime, p.sourceOnTime)
	settled := c.settled(e, x)
	fill(&o.ProjectCode, p.projectCode, !settled)
	fill(&o.ItemType, p.itemType, !settled)
	if !settled {
		last(&o.ProjectType, p.projectType)
	}
	if !c.acceptSeen && !c.cur.Deemed {
		c.parent(p.parentCase, x)
	}
	o.Attributes = c.f.attributes.merge(o.Attributes, p.attributes)
}

// subject takes the columns that describe the case: those of the acceptance,
// before it of the application, else the first that are given.
func (c *caseFold) subject(e *event.Case, x *ref) {
	o := c.out
	if c.afterEnd(e) {
		return
	}
	accepts := e.Type == event.Accept && !c.acceptSeen && !(c.cur.Deemed && c.broken(x.at))
	over := accepts || (e.Type == event.Apply && !c.applySeen && !c.acceptSeen)
	if c.described(e, x.at) {
		return
	}
	fill(&o.RegionCode, e.RegionCode, over)
	fill(&o.OrgCode, e.OrgCode, over)
	fill(&o.AcceptOrg, e.AcceptOrg, over)
	fill(&o.TaskCode, e.TaskCode, over)
	fill(&o.TaskVersion, e.TaskVersion, over)
	fill(&o.WindowID, e.WindowID, over)
	fill(&o.StaffID, e.StaffID, over)
	fill(&o.Channel, e.ApplyChannel, e.Type == event.Apply && !c.applySeen)
	if accepts {
		c.version = e.TaskVersion // the application's does not govern (domain guide 1.2)
	} else if !c.acceptSeen {
		c.version = o.TaskVersion
	}
}

// described reports whether it is too late to say whose the case is, where and about what: a
// limit has run out, or the case is over, and nobody else is made the one who had it. But
// who accepts says it of himself.
func (c *caseFold) described(e *event.Case, at int64) bool {
	o := c.out
	empty := o.RegionCode == "" && e.RegionCode != "" || o.OrgCode == "" && e.OrgCode != "" || o.AcceptOrg == "" && e.AcceptOrg != "" ||
		o.TaskCode == "" && e.TaskCode != "" || o.TaskVersion == "" && e.TaskVersion != "" || o.WindowID == "" && e.WindowID != "" ||
		o.StaffID == "" && e.StaffID != ""
	if !empty || e.Type == event.Accept && !c.acceptSeen || e.Type == event.Apply && !c.applySeen && !c.acceptSeen {
		return false
	}
	return c.cur.StopAt != 0 || c.closedAt != 0 || c.dueBy(at) || c.missed(at)
}

// missed reports whether any other clock has run out by an instant.
func (c *caseFold) missed(at int64) bool {
	for i := range c.out.Clocks {
		if k := &c.out.Clocks[i]; k.Clock != "K8" && k.DueAt != 0 && at > k.DueAt && (k.StopAt == 0 || k.StopAt > k.DueAt) {
			return true
		}
	}
	return false
}

// fill sets a column that is empty, or any when over is set.
func fill(to *string, v string, over bool) {
	if v != "" && (over || *to == "") {
		*to = v
	}
}

// last sets a column to the latest value given.
func last(to *string, v string) {
	if v != "" {
		*to = v
	}
}

package inject

import (
	"duban/ingest/event"
	"duban/supervision/simulate/plan"
	"duban/supervision/simulate/world"
)

// ticketViolations are the ways in which tickets break rules.
var ticketViolations = []violation{
	{rule: "R-HOT-01", plan: func(p *Injector) { p.signLate() }},
	{rule: "R-HOT-02", plan: func(p *Injector) { p.replyLate(p.Between(1, 3)) }},
	{rule: "R-HOT-02", plan: func(p *Injector) { p.replyLate(p.Between(6, 9)) }},
	{rule: "R-HOT-03", plan: func(p *Injector) { p.returnLate() }},
	{rule: "R-HOT-03", plan: func(p *Injector) { p.returnTwice() }},
	{rule: "R-HOT-03-R", plan: func(p *Injector) { p.returnMany() }},
	{rule: "R-HOT-04", plan: func(p *Injector) { p.falseClosure() }},
	{rule: "R-HOT-05", plan: func(p *Injector) { p.redoOften() }},
	{rule: "R-HOT-05-P", plan: func(p *Injector) { p.refusedByThree() }},
	{rule: "R-HOT-07", plan: func(p *Injector) { p.handLate() }},
	{rule: "R-FCR-01", plan: func(p *Injector) { p.complained(plan.Shirking) }},
	{rule: "R-NRM-02-T", plan: func(p *Injector) { p.complained(plan.ExtraMaterials) }},
	{rule: "R-NRM-03", plan: func(p *Injector) { p.complained(plan.ExtraConditions) }},
	{rule: "R-DAT-05-T", plan: func(p *Injector) { p.rewrittenTicket() }},
	{rule: "R-ORD-03", plan: func(p *Injector) { p.lateComplaint() }},
	{rule: "R-PRC-02-T", plan: func(p *Injector) { p.atWorkUnsigned() }},
	{rule: "R-DAT-02-T", plan: func(p *Injector) { p.onlyNoted() }},
}

// injectTicket plans a ticket that breaks one rule. It has been received.
func (p *Injector) injectTicket() {
	s := p.Life
	what := &ticketViolations[p.turn(plan.StreamTicket, len(ticketViolations))]
	s.Planted = what.rule
	s.Test, s.Urgent, s.Kind = false, false, "complaint"
	what.plan(p)
}

// sent plans the dispatch.
func (p *Injector) sent() {
	p.Soon(60, 1500)
	p.AddTicket(event.TDispatch, "派单").To = p.Life.Org
}

// signed plans signature and work on the day of the dispatch or the next.
func (p *Injector) signed(days int32) {
	p.InDays(days)
	p.AddTicket(event.TSign, "签收")
	p.Soon(300, 3600)
	p.AddTicket(event.TProcess, "办理")
}

// replied plans the reply, the visit and the close.
func (p *Injector) replied() {
	p.AddTicket(event.TReply, "答复")
	p.InDays(1)
	p.Visit(true, true)
	p.Soon(60, 900)
	p.AddTicket(event.TClose, "办结归档")
}

// ticketDue returns the local day of the due as the life stands.
func (p *Injector) ticketDue() int32 { return world.LocalDay(p.Standing().PromiseDue) }

func (p *Injector) signLate() {
	p.sent()
	p.signed(p.Between(2, 3))
	p.InDays(1)
	p.replied()
}

func (p *Injector) replyLate(beyond int32) {
	p.sent()
	p.signed(1)
	p.OnDay(p.World.Days.Add(p.ticketDue(), beyond))
	p.replied()
}

// returnLate sends the ticket back after the time for it; the hotline insists.
func (p *Injector) returnLate() {
	p.sent()
	p.InDays(3)
	p.AddTicket(event.TReturn, "退单")
	p.Soon(300, 900)
	p.AddTicket(event.TRedispatch, "驳回退单").To = p.Life.Org
	p.Soon(300, 900)
	p.signed(0)
	p.Soon(600, 1800)
	p.replied()
}

func (p *Injector) returnTwice() {
	p.sent()
	for range 2 {
		p.Soon(300, 900)
		p.AddTicket(event.TReturn, "退单")
		p.Soon(300, 900)
		p.AddTicket(event.TRedispatch, "驳回退单").To = p.Life.Org
	}
	p.signed(1)
	p.InDays(1)
	p.replied()
}

func (p *Injector) falseClosure() {
	p.sent()
	p.signed(1)
	p.InDays(1)
	p.AddTicket(event.TReply, "答复").Flaws = plan.ClaimsContact
	p.InDays(1)
	p.Visit(false, false)
	p.Soon(600, 1800)
	p.AddTicket(event.TClose, "办结归档")
}

// redoOften does a ticket again and again on one day, within every due.
func (p *Injector) redoOften() {
	p.sent()
	p.signed(1)
	p.InDays(1)
	p.At = world.StartOf(p.Today()) + plan.Morning + p.Rand.Int64N(600_000)
	p.AddTicket(event.TReply, "答复")
	if p.Again(p.At, p.At, p.ticketDue(), 1) {
		for range p.Between(2, 3) {
			p.Soon(300, 900)
			p.AddTicket(event.TRedo, "重办")
			p.Soon(300, 900)
			p.AddTicket(event.TProcess, "办理")
			p.Soon(600, 1800)
			p.AddTicket(event.TReply, "答复")
		}
	} else {
		p.Life.Planted = ""
	}
	p.InDays(1)
	p.Visit(true, true)
	p.Soon(60, 900)
	p.AddTicket(event.TClose, "办结归档")
}

// refusedByThree: three organisations in turn say that a ticket is not theirs, and the third
// has to keep it. A division with fewer of them has no such ticket.
func (p *Injector) refusedByThree() {
	p.sent()
	second := p.World.Orgs[p.Life.Org].Peer
	third := p.World.Orgs[second].Peer
	if second == p.Life.Org || third == p.Life.Org {
		p.Life.Planted = ""
	} else {
		for _, to := range [2]int32{second, third} {
			p.Soon(300, 900)
			p.AddTicket(event.TReturn, "退单")
			p.Soon(300, 900)
			f := p.AddTicket(event.TRedispatch, "改派")
			p.Life.Org, p.Acting = to, to
			f.Org, f.To, f.Flag = to, to, true
		}
		p.Soon(300, 900)
		p.AddTicket(event.TReturn, "退单")
		p.Soon(300, 900)
		p.AddTicket(event.TRedispatch, "驳回退单").To = p.Life.Org
	}
	p.signed(1)
	p.InDays(1)
	p.replied()
}

// handLate: the police hands a call over days after it came.
func (p *Injector) handLate() {
	p.Life.Channel, p.Life.Kind = "from_110", "help"
	p.InDays(p.Between(2, 3))
	p.sent()
	p.signed(1)
	p.InDays(1)
	p.replied()
}

// atWorkUnsigned: the organisation is at work before it signs.
func (p *Injector) atWorkUnsigned() {
	p.sent()
	p.Soon(60, 300)
	p.AddTicket(event.TProcess, "办理").Illegal = true
	p.signed(1)
	p.InDays(1)
	p.replied()
}

// onlyNoted: of the ticket nothing comes but a note.
func (p *Injector) onlyNoted() {
	p.Life.Facts, p.Life.Channel = p.Life.Facts[:0], "phone"
	p.Soon(300, 900)
	p.AddTicket(event.TNote, "备注").Org = p.World.Hotline
}

// rewrittenTicket: the signature comes again with another time.
func (p *Injector) rewrittenTicket() {
	p.sent()
	p.signed(1)
	for i := range p.Life.Facts {
		if f := &p.Life.Facts[i]; f.Type == string(event.TSign) {
			f.Flaws = plan.Rewritten
		}
	}
	p.InDays(1)
	p.replied()
}

// complained: what the caller says is the violation, and it is true.
func (p *Injector) complained(what plan.Flaws) {
	p.Life.Facts[0].Flaws = what
	p.sent()
	p.signed(1)
	p.InDays(1)
	p.replied()
}

// lateComplaint plans a complaint to the supervisor: the decision on it comes
// late, or its handling does.
func (p *Injector) lateComplaint() {
	p.Life.Facts[0].Flaws = plan.ToSupervisor
	p.sent()
	p.signed(1)
	late := p.Chance(0.5)
	if late {
		p.InDays(p.Between(5, 7))
	} else {
		p.InDays(1)
	}
	f := p.AddTicket(event.TNote, "投诉受理")
	f.Word, f.Flag = plan.AcceptedBySupervisor, true
	if late {
		p.InDays(1)
	} else {
		p.InDays(p.Between(14, 17))
	}
	p.replied()
}

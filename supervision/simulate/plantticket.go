package simulate

import (
	"duban/ingest/event"
	"duban/supervision/simulate/world"
)

// ticketViolations are the ways in which tickets break rules.
var ticketViolations = []violation{
	{rule: "R-HOT-01", plan: func(p *injecting) { p.signLate() }},
	{rule: "R-HOT-02", plan: func(p *injecting) { p.replyLate(p.between(1, 3)) }},
	{rule: "R-HOT-02", plan: func(p *injecting) { p.replyLate(p.between(6, 9)) }},
	{rule: "R-HOT-03", plan: func(p *injecting) { p.returnLate() }},
	{rule: "R-HOT-03", plan: func(p *injecting) { p.returnTwice() }},
	{rule: "R-HOT-03-R", plan: func(p *injecting) { p.returnMany() }},
	{rule: "R-HOT-04", plan: func(p *injecting) { p.falseClosure() }},
	{rule: "R-HOT-05", plan: func(p *injecting) { p.redoOften() }},
	{rule: "R-HOT-05-P", plan: func(p *injecting) { p.refusedByThree() }},
	{rule: "R-HOT-07", plan: func(p *injecting) { p.handLate() }},
	{rule: "R-FCR-01", plan: func(p *injecting) { p.complained(shirking) }},
	{rule: "R-NRM-02-T", plan: func(p *injecting) { p.complained(extraMaterials) }},
	{rule: "R-NRM-03", plan: func(p *injecting) { p.complained(extraConditions) }},
	{rule: "R-DAT-05-T", plan: func(p *injecting) { p.rewrittenTicket() }},
	{rule: "R-ORD-03", plan: func(p *injecting) { p.lateComplaint() }},
	{rule: "R-PRC-02-T", plan: func(p *injecting) { p.atWorkUnsigned() }},
	{rule: "R-DAT-02-T", plan: func(p *injecting) { p.onlyNoted() }},
}

// injectTicket plans a ticket that breaks one rule. It has been received.
func (p *injecting) injectTicket() {
	s := p.s
	what := &ticketViolations[p.turn(streamTicket, len(ticketViolations))]
	s.planted = what.rule
	s.test, s.urgent, s.kind = false, false, "complaint"
	what.plan(p)
}

// sent plans the dispatch.
func (p *injecting) sent() {
	p.soon(60, 1500)
	p.ticket(event.TDispatch, "派单").to = p.s.org
}

// signed plans signature and work on the day of the dispatch or the next.
func (p *injecting) signed(days int32) {
	p.inDays(days)
	p.ticket(event.TSign, "签收")
	p.soon(300, 3600)
	p.ticket(event.TProcess, "办理")
}

// replied plans the reply, the visit and the close.
func (p *injecting) replied() {
	p.ticket(event.TReply, "答复")
	p.inDays(1)
	p.visit(true, true)
	p.soon(60, 900)
	p.ticket(event.TClose, "办结归档")
}

// ticketDue returns the local day of the due as the life stands.
func (p *injecting) ticketDue() int32 { return world.LocalDay(p.standing().PromiseDue) }

func (p *injecting) signLate() {
	p.sent()
	p.signed(p.between(2, 3))
	p.inDays(1)
	p.replied()
}

func (p *injecting) replyLate(beyond int32) {
	p.sent()
	p.signed(1)
	p.onDay(p.world.Days.Add(p.ticketDue(), beyond))
	p.replied()
}

// returnLate sends the ticket back after the time for it; the hotline insists.
func (p *injecting) returnLate() {
	p.sent()
	p.inDays(3)
	p.ticket(event.TReturn, "退单")
	p.soon(300, 900)
	p.ticket(event.TRedispatch, "驳回退单").to = p.s.org
	p.soon(300, 900)
	p.signed(0)
	p.soon(600, 1800)
	p.replied()
}

func (p *injecting) returnTwice() {
	p.sent()
	for range 2 {
		p.soon(300, 900)
		p.ticket(event.TReturn, "退单")
		p.soon(300, 900)
		p.ticket(event.TRedispatch, "驳回退单").to = p.s.org
	}
	p.signed(1)
	p.inDays(1)
	p.replied()
}

func (p *injecting) falseClosure() {
	p.sent()
	p.signed(1)
	p.inDays(1)
	p.ticket(event.TReply, "答复").flaws = claimsContact
	p.inDays(1)
	p.visit(false, false)
	p.soon(600, 1800)
	p.ticket(event.TClose, "办结归档")
}

// redoOften does a ticket again and again on one day, within every due.
func (p *injecting) redoOften() {
	p.sent()
	p.signed(1)
	p.inDays(1)
	p.t = world.StartOf(p.today()) + morning + p.r.Int64N(600_000)
	p.ticket(event.TReply, "答复")
	if p.again(p.t, p.t, p.ticketDue(), 1) {
		for range p.between(2, 3) {
			p.soon(300, 900)
			p.ticket(event.TRedo, "重办")
			p.soon(300, 900)
			p.ticket(event.TProcess, "办理")
			p.soon(600, 1800)
			p.ticket(event.TReply, "答复")
		}
	} else {
		p.s.planted = ""
	}
	p.inDays(1)
	p.visit(true, true)
	p.soon(60, 900)
	p.ticket(event.TClose, "办结归档")
}

// refusedByThree: three organisations in turn say that a ticket is not theirs, and the third
// has to keep it. A division with fewer of them has no such ticket.
func (p *injecting) refusedByThree() {
	p.sent()
	second := p.world.Orgs[p.s.org].Peer
	third := p.world.Orgs[second].Peer
	if second == p.s.org || third == p.s.org {
		p.s.planted = ""
	} else {
		for _, to := range [2]int32{second, third} {
			p.soon(300, 900)
			p.ticket(event.TReturn, "退单")
			p.soon(300, 900)
			f := p.ticket(event.TRedispatch, "改派")
			p.s.org, p.acting = to, to
			f.org, f.to, f.flag = to, to, true
		}
		p.soon(300, 900)
		p.ticket(event.TReturn, "退单")
		p.soon(300, 900)
		p.ticket(event.TRedispatch, "驳回退单").to = p.s.org
	}
	p.signed(1)
	p.inDays(1)
	p.replied()
}

// handLate: the police hands a call over days after it came.
func (p *injecting) handLate() {
	p.s.channel, p.s.kind = "from_110", "help"
	p.inDays(p.between(2, 3))
	p.sent()
	p.signed(1)
	p.inDays(1)
	p.replied()
}

// atWorkUnsigned: the organisation is at work before it signs.
func (p *injecting) atWorkUnsigned() {
	p.sent()
	p.soon(60, 300)
	p.ticket(event.TProcess, "办理").illegal = true
	p.signed(1)
	p.inDays(1)
	p.replied()
}

// onlyNoted: of the ticket nothing comes but a note.
func (p *injecting) onlyNoted() {
	p.s.facts, p.s.channel = p.s.facts[:0], "phone"
	p.soon(300, 900)
	p.ticket(event.TNote, "备注").org = p.world.Hotline
}

// rewrittenTicket: the signature comes again with another time.
func (p *injecting) rewrittenTicket() {
	p.sent()
	p.signed(1)
	for i := range p.s.facts {
		if f := &p.s.facts[i]; f.typ == string(event.TSign) {
			f.flaws = rewritten
		}
	}
	p.inDays(1)
	p.replied()
}

// complained: what the caller says is the violation, and it is true.
func (p *injecting) complained(what flaws) {
	p.s.facts[0].flaws = what
	p.sent()
	p.signed(1)
	p.inDays(1)
	p.replied()
}

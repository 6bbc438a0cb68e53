package simulate

import (
	"duban/ingest/event"
	"duban/supervision/simulate/world"
)

// planTicket plans the life of one hotline ticket that begins on a day.
//
// Where the domain guide leaves a rule open the plan keeps away from the
// question: dispatch is on the day of receipt, urgent tickets come in working
// hours, a ticket that is taken off the hook is so on the same day, and what is
// done again is done again within the first limit and the same month.
func (p *planner) planTicket(s *subject, stream uint64, index int64, day int32) {
	p.begin(s, stream, index, day)
	w := p.world
	s.ticket = true
	s.org = int32(w.TicketOrgs.Draw(p.r))
	s.region = w.Orgs[s.org].Region
	p.acting = s.org
	s.no = world.AppendNumber(s.no, "RX", w.Regions[s.region].Code, day, index)
	s.test = p.chance(0.001)
	s.channel = pick(p.r, ticketChannels)
	s.kind = pick(p.r, ticketKinds)
	s.called = pick(p.r, calledNumbers)
	s.topic = pick(p.r, ticketTopics)
	if s.kind == "complaint" && p.chance(0.1) {
		// A case is complained about once: repeated complaints are planted.
		recent := &p.recent[p.r.IntN(len(p.recent))]
		s.linked, *recent = *recent, ""
	}
	s.place = pick(p.r, ticketPlaces)
	s.urgent = w.Days.Working(day) && p.chance(0.03) && s.kind != "praise"
	if s.urgent {
		p.t = world.StartOf(day) + morning + p.r.Int64N(5*3600*1000)
	} else {
		p.t = world.StartOf(day) + 7*3600*1000 + p.r.Int64N(15*3600*1000)
	}
	p.ticket("t_receive", "受理").org = w.Hotline
	if p.injector.Ticket(stream, index) {
		return
	}
	switch x := p.r.Float64(); {
	case x < 0.012:
		p.soon(300, 3600)
		p.ticket(event.TInvalid, "判定无效").org = w.Hotline
	case x < 0.02 && p.lastTicket != "":
		p.soon(300, 3600)
		p.ticket(event.TMerge, "并单").org = w.Hotline
		s.linkedTicket = p.lastTicket
	case s.kind == "praise" || s.kind == "other" || s.kind == "consult" && x < 0.62 || x < 0.12:
		p.soon(60, 900)
		p.ticket(event.TAnswerDirect, "直接答复").org = w.Hotline
		p.rateTicket(p.t, w.Hotline)
	default:
		p.handle()
		p.lastTicket = string(s.no)
	}
}

// ticket writes a fact about a ticket at the cursor.
func (p *planner) ticket(typ event.TicketType, activity string) *fact {
	return p.add(aboutTicket, string(typ), activity)
}

// handle plans a ticket that an organisation has to answer.
func (p *planner) handle() {
	s, days := p.s, p.world.Days
	p.soon(60, 1500)
	p.ticket(event.TDispatch, "派单").to = s.org
	limit := ticketLimit(s)
	p.contested()
	p.soon(300, 3600)
	if !s.urgent && p.chance(0.3) {
		p.inDays(p.between(0, 1))
	}
	p.ticket(event.TSign, "签收")
	p.soon(300, 3600)
	p.ticket(event.TProcess, "办理")
	began := world.LocalDay(p.standing().Began)
	late, stuck := p.chance(0.06), p.chance(0.008)
	if p.chance(0.03) {
		p.soon(60, 900)
		p.ticket(event.TNote, "备注")
	}
	if !s.urgent && p.chance(0.02) {
		p.soon(300, 3600)
		p.ticket(event.THang, "疑难挂账")
		if p.chance(0.5) {
			return
		}
		hung := p.today()
		p.soon(300, 1800)
		if p.today() != hung {
			return
		}
		p.ticket(event.TUnhang, "恢复办理")
	}
	if !s.urgent && p.today() <= days.Add(began, limit-1) && p.chance(0.06) {
		limit += p.prolong()
	}
	if stuck || late {
		p.press(days.Add(began, limit))
	}
	if stuck {
		return
	}
	amended := p.answerBy(began, limit, late)
	p.afterReply(days.Add(began, limit), amended)
}

// contested plans an organisation that says a ticket is not its business.
func (p *planner) contested() {
	s, w := p.s, p.world
	if s.urgent || !p.chance(0.07) {
		return
	}
	p.soon(600, 7200)
	p.ticket(event.TReturn, "退单")
	p.soon(300, 1200)
	if peer := w.Orgs[s.org].Peer; p.chance(0.6) && peer != s.org {
		f := p.ticket(event.TRedispatch, "改派")
		s.org, p.acting = peer, peer
		f.org, f.to, f.flag = peer, peer, true
		return
	}
	p.ticket(event.TRedispatch, "驳回退单").to = s.org
}

// prolong plans a wish for more time, before the due, and says how many days it won.
func (p *planner) prolong() int32 {
	p.soon(300, 1800)
	p.ticket(event.TExtendRequest, "申请延期")
	p.soon(300, 1800)
	if p.chance(0.25) {
		p.ticket(event.TExtendReject, "驳回延期")
		return 0
	}
	f := p.ticket(event.TExtendApprove, "批准延期")
	f.days = p.between(2, 10)
	days := f.days
	if p.chance(0.05) {
		p.revise(f, days/2)
	}
	return days
}

// press plans what the hotline does about a ticket that is running late.
func (p *planner) press(due int32) {
	p.onDay(due)
	p.ticket(event.TUrge, "催办")
	if p.chance(0.5) {
		p.onDay(p.world.Days.Add(due, 1))
		p.ticket(event.TSupervise, "督办")
		if p.chance(0.2) {
			p.soon(600, 3600)
			p.ticket(event.TEscalate, "提级")
		}
	} else if p.chance(0.1) {
		p.soon(60, 600)
		f := p.ticket(event.TUrge, "催办")
		no := f.no
		p.soon(300, 900)
		p.s.facts[len(p.s.facts)-1].voidedAt = p.t
		p.ticket(event.TVoid, "").target = no
	}
}

// answerBy plans the reply: within the limit, or some days after it. It says
// whether the time of the reply is amended later.
func (p *planner) answerBy(began, limit int32, late bool) bool {
	days := p.world.Days
	before := p.t
	switch {
	case late:
		p.onDay(days.Add(began, limit+p.between(1, 8)))
	case p.s.urgent:
		p.soon(600, 7200)
	default:
		used := days.Count(began, p.today())
		p.onDay(days.Add(began, used+p.between(0, max(limit-used, 0))))
	}
	f := p.ticket(event.TReply, "答复")
	if p.chance(0.004) {
		// The reply was written into the books too late.
		becomes := before + (f.at-before)/2
		no := f.no
		p.soon(600, 3600)
		reply := &p.s.facts[len(p.s.facts)-1]
		reply.amendedAt, reply.amendedTo = p.t, becomes
		a := p.ticket(event.TAmend, "")
		a.target, a.served = no, becomes
		return true
	}
	return false
}

// afterReply plans return visits, a second attempt, the close, a reopening,
// the publication and the ratings.
func (p *planner) afterReply(due int32, amended bool) {
	s := p.s
	replied := p.t
	if !amended && p.again(replied, replied, due, 0.09) {
		p.soon(300, 1800)
		if p.chance(0.5) {
			p.visit(true, false)
			p.soon(300, 900)
		}
		p.ticket(event.TRedo, "重办")
		p.soon(300, 1800)
		p.ticket(event.TProcess, "办理")
		p.soon(1200, 7200)
		p.ticket(event.TReply, "答复")
	}
	p.inDays(1)
	reached := p.chance(0.9)
	for range p.between(0, 2) {
		if reached {
			break
		}
		p.visit(false, false)
		p.soon(3*3600, 5*3600)
	}
	p.visit(reached, true)
	p.soon(60, 1200)
	p.ticket(event.TClose, "办结归档")
	if !amended && p.again(replied, p.t, due, 0.05) {
		p.soon(300, 1800)
		p.ticket(event.TReopen, "重新受理")
		p.soon(600, 3600)
		p.ticket(event.TReply, "答复")
		p.soon(600, 1800)
		p.visit(true, true)
		p.soon(60, 600)
		p.ticket(event.TClose, "办结归档")
	}
	if !s.urgent && p.chance(0.15) {
		p.soon(600, 7200)
		p.ticket(event.TPublish, "公开答复")
	}
	p.rateTicket(p.t, s.org)
}

// again decides whether something that was answered at one instant is taken up
// again at another: only when all of it, the new answer included, fits before
// the due, and when the due, old or new, lies in the same month and on the same
// side of the end and of the instant that the ledger describes.
func (p *planner) again(answered, at int64, due int32, probability float64) bool {
	first, next := world.LocalDay(answered), world.LocalDay(at)+1
	last := p.world.Days.Add(max(due, next), 5)
	apart := func(day int32) bool { return first <= day && day <= last }
	return p.chance(probability) && next <= due && world.Date(first).Month() == world.Date(last).Month() &&
		!apart(p.endDay) && !apart(p.asOfDay)
}

// visit plans one call back; solved is what the caller says when reached.
func (p *planner) visit(reached, solved bool) {
	f := p.ticket(event.TVisit, "回访")
	f.flag = reached
	if reached {
		f.days = 0
		if solved && p.chance(0.92) {
			f.days = 1
		}
		f.level = p.between(3, 5)
		if f.days == 0 {
			f.level = p.between(1, 3)
		}
	}
}

// rateTicket plans a rating of the service by text message.
func (p *planner) rateTicket(served int64, org int32) {
	if !p.s.test && p.chance(0.12) {
		p.t = served
		p.soon(60, 7200)
		p.rating(served, 1).org = org
	}
}

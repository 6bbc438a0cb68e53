package plan

import (
	"duban/ingest/event"
	"duban/supervision/simulate/world"
)

// PlanTicket plans the life of one hotline ticket that begins on a day.
//
// Where the domain guide leaves a rule open the plan keeps away from the
// question: dispatch is on the day of receipt, urgent tickets come in working
// hours, a ticket that is taken off the hook is so on the same day, and what is
// done again is done again within the first limit and the same month.
func (p *Planner) PlanTicket(s *Subject, stream uint64, index int64, day int32) {
	p.Begin(s, stream, index, day)
	w := p.World
	s.Ticket = true
	s.Org = int32(w.TicketOrgs.Draw(p.Rand))
	s.Region = w.Orgs[s.Org].Region
	p.Acting = s.Org
	s.No = world.AppendNumber(s.No, "RX", w.Regions[s.Region].Code, day, index)
	s.Test = p.Chance(0.001)
	s.Channel = pick(p.Rand, ticketChannels)
	s.Kind = pick(p.Rand, ticketKinds)
	s.Called = pick(p.Rand, calledNumbers)
	s.Topic = pick(p.Rand, ticketTopics)
	if s.Kind == "complaint" && p.Chance(0.1) {
		// A case is complained about once: repeated complaints are planted.
		recent := &p.recent[p.Rand.IntN(len(p.recent))]
		s.Linked, *recent = *recent, ""
	}
	s.Place = pick(p.Rand, ticketPlaces)
	s.Urgent = w.Days.Working(day) && p.Chance(0.03) && s.Kind != "praise"
	if s.Urgent {
		p.At = world.StartOf(day) + Morning + p.Rand.Int64N(5*3600*1000)
	} else {
		p.At = world.StartOf(day) + 7*3600*1000 + p.Rand.Int64N(15*3600*1000)
	}
	p.AddTicket("t_receive", "受理").Org = w.Hotline
	if p.Injector.Ticket(stream, index) {
		return
	}
	switch x := p.Rand.Float64(); {
	case x < 0.012:
		p.Soon(300, 3600)
		p.AddTicket(event.TInvalid, "判定无效").Org = w.Hotline
	case x < 0.02 && p.lastTicket != "":
		p.Soon(300, 3600)
		p.AddTicket(event.TMerge, "并单").Org = w.Hotline
		s.LinkedTicket = p.lastTicket
	case s.Kind == "praise" || s.Kind == "other" || s.Kind == "consult" && x < 0.62 || x < 0.12:
		p.Soon(60, 900)
		p.AddTicket(event.TAnswerDirect, "直接答复").Org = w.Hotline
		p.rateTicket(p.At, w.Hotline)
	default:
		p.handle()
		p.lastTicket = string(s.No)
	}
}

// AddTicket writes a fact about a ticket at the cursor.
func (p *Planner) AddTicket(typ event.TicketType, activity string) *Fact {
	return p.Add(AboutTicket, string(typ), activity)
}

// handle plans a ticket that an organisation has to answer.
func (p *Planner) handle() {
	s, days := p.Life, p.World.Days
	p.Soon(60, 1500)
	p.AddTicket(event.TDispatch, "派单").To = s.Org
	limit := TicketLimit(s)
	p.contested()
	p.Soon(300, 3600)
	if !s.Urgent && p.Chance(0.3) {
		p.InDays(p.Between(0, 1))
	}
	p.AddTicket(event.TSign, "签收")
	p.Soon(300, 3600)
	p.AddTicket(event.TProcess, "办理")
	began := world.LocalDay(p.Standing().Began)
	late, stuck := p.Chance(0.06), p.Chance(0.008)
	if p.Chance(0.03) {
		p.Soon(60, 900)
		p.AddTicket(event.TNote, "备注")
	}
	if !s.Urgent && p.Chance(0.02) {
		p.Soon(300, 3600)
		p.AddTicket(event.THang, "疑难挂账")
		if p.Chance(0.5) {
			return
		}
		hung := p.Today()
		p.Soon(300, 1800)
		if p.Today() != hung {
			return
		}
		p.AddTicket(event.TUnhang, "恢复办理")
	}
	if !s.Urgent && p.Today() <= days.Add(began, limit-1) && p.Chance(0.06) {
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
func (p *Planner) contested() {
	s, w := p.Life, p.World
	if s.Urgent || !p.Chance(0.07) {
		return
	}
	p.Soon(600, 7200)
	p.AddTicket(event.TReturn, "退单")
	p.Soon(300, 1200)
	if peer := w.Orgs[s.Org].Peer; p.Chance(0.6) && peer != s.Org {
		f := p.AddTicket(event.TRedispatch, "改派")
		s.Org, p.Acting = peer, peer
		f.Org, f.To, f.Flag = peer, peer, true
		return
	}
	p.AddTicket(event.TRedispatch, "驳回退单").To = s.Org
}

// prolong plans a wish for more time, before the due, and says how many days it won.
func (p *Planner) prolong() int32 {
	p.Soon(300, 1800)
	p.AddTicket(event.TExtendRequest, "申请延期")
	p.Soon(300, 1800)
	if p.Chance(0.25) {
		p.AddTicket(event.TExtendReject, "驳回延期")
		return 0
	}
	f := p.AddTicket(event.TExtendApprove, "批准延期")
	f.Days = p.Between(2, 10)
	days := f.Days
	if p.Chance(0.05) {
		p.revise(f, days/2)
	}
	return days
}

// press plans what the hotline does about a ticket that is running late.
func (p *Planner) press(due int32) {
	p.OnDay(due)
	p.AddTicket(event.TUrge, "催办")
	if p.Chance(0.5) {
		p.OnDay(p.World.Days.Add(due, 1))
		p.AddTicket(event.TSupervise, "督办")
		if p.Chance(0.2) {
			p.Soon(600, 3600)
			p.AddTicket(event.TEscalate, "提级")
		}
	} else if p.Chance(0.1) {
		p.Soon(60, 600)
		f := p.AddTicket(event.TUrge, "催办")
		no := f.No
		p.Soon(300, 900)
		p.Life.Facts[len(p.Life.Facts)-1].VoidedAt = p.At
		p.AddTicket(event.TVoid, "").Target = no
	}
}

// answerBy plans the reply: within the limit, or some days after it. It says
// whether the time of the reply is amended later.
func (p *Planner) answerBy(began, limit int32, late bool) bool {
	days := p.World.Days
	before := p.At
	switch {
	case late:
		p.OnDay(days.Add(began, limit+p.Between(1, 8)))
	case p.Life.Urgent:
		p.Soon(600, 7200)
	default:
		used := days.Count(began, p.Today())
		p.OnDay(days.Add(began, used+p.Between(0, max(limit-used, 0))))
	}
	f := p.AddTicket(event.TReply, "答复")
	if p.Chance(0.004) {
		// The reply was written into the books too late.
		becomes := before + (f.At-before)/2
		no := f.No
		p.Soon(600, 3600)
		reply := &p.Life.Facts[len(p.Life.Facts)-1]
		reply.AmendedAt, reply.AmendedTo = p.At, becomes
		a := p.AddTicket(event.TAmend, "")
		a.Target, a.Served = no, becomes
		return true
	}
	return false
}

// afterReply plans return visits, a second attempt, the close, a reopening,
// the publication and the ratings.
func (p *Planner) afterReply(due int32, amended bool) {
	s := p.Life
	replied := p.At
	if !amended && p.Again(replied, replied, due, 0.09) {
		p.Soon(300, 1800)
		if p.Chance(0.5) {
			p.Visit(true, false)
			p.Soon(300, 900)
		}
		p.AddTicket(event.TRedo, "重办")
		p.Soon(300, 1800)
		p.AddTicket(event.TProcess, "办理")
		p.Soon(1200, 7200)
		p.AddTicket(event.TReply, "答复")
	}
	p.InDays(1)
	reached := p.Chance(0.9)
	for range p.Between(0, 2) {
		if reached {
			break
		}
		p.Visit(false, false)
		p.Soon(3*3600, 5*3600)
	}
	p.Visit(reached, true)
	p.Soon(60, 1200)
	p.AddTicket(event.TClose, "办结归档")
	if !amended && p.Again(replied, p.At, due, 0.05) {
		p.Soon(300, 1800)
		p.AddTicket(event.TReopen, "重新受理")
		p.Soon(600, 3600)
		p.AddTicket(event.TReply, "答复")
		p.Soon(600, 1800)
		p.Visit(true, true)
		p.Soon(60, 600)
		p.AddTicket(event.TClose, "办结归档")
	}
	if !s.Urgent && p.Chance(0.15) {
		p.Soon(600, 7200)
		p.AddTicket(event.TPublish, "公开答复")
	}
	p.rateTicket(p.At, s.Org)
}

// Again decides whether something that was answered at one instant is taken up
// again at another: only when all of it, the new answer included, fits before
// the due, and when the due, old or new, lies in the same month and on the same
// side of the end and of the instant that the ledger describes.
func (p *Planner) Again(answered, at int64, due int32, probability float64) bool {
	first, next := world.LocalDay(answered), world.LocalDay(at)+1
	last := p.World.Days.Add(max(due, next), 5)
	apart := func(day int32) bool { return first <= day && day <= last }
	return p.Chance(probability) && next <= due && world.Date(first).Month() == world.Date(last).Month() &&
		!apart(p.EndDay) && !apart(p.asOfDay)
}

// Visit plans one call back; solved is what the caller says when reached.
func (p *Planner) Visit(reached, solved bool) {
	f := p.AddTicket(event.TVisit, "回访")
	f.Flag = reached
	if reached {
		f.Days = 0
		if solved && p.Chance(0.92) {
			f.Days = 1
		}
		f.Level = p.Between(3, 5)
		if f.Days == 0 {
			f.Level = p.Between(1, 3)
		}
	}
}

// rateTicket plans a rating of the service by text message.
func (p *Planner) rateTicket(served int64, org int32) {
	if !p.Life.Test && p.Chance(0.12) {
		p.At = served
		p.Soon(60, 7200)
		p.Rating(served, 1).Org = org
	}
}

package simulate

import (
	"duban/ingest/event"
	"duban/supervision/simulate/world"
)

// Rules about rates look at an organisation and a month. Lives that are to break
// one are gathered: all of a month at one busy organisation, another one each
// month.

const (
	saltRefusing    = 15
	saltTerminating = 16
	saltReturning   = 17
)

// busyOrg is the one of a month.
func (p *injecting) busyOrg(salt uint64) int32 {
	d := world.Date(p.s.day)
	busy := p.world.Busy
	return busy[world.Scatter(p.seed, salt, int64(d.Year()*12+int(d.Month())))%uint64(len(busy))]
}

// goTo moves the case to an organisation.
func (p *injecting) goTo(org int32, suits func(t *world.Title) bool) {
	s, w := p.s, p.world
	for _, it := range w.Orgs[org].Items {
		if suits(w.Items[it].Title) {
			s.item = it
			break
		}
	}
	s.org, p.acting = org, org
	s.region = w.Orgs[org].Region
	s.no = world.AppendNumber(s.no[:0], "ZW", w.Regions[s.region].Code, s.day, s.index)
	s.channel = "post"
	if p.world.Days.Working(s.day) {
		s.channel = "hall"
	}
}

// refuseMany plans a refusal with reasons, one of many (R-DEN-03).
func (p *injecting) refuseMany() {
	p.goTo(p.busyOrg(saltRefusing), world.Roomy)
	p.begun()
	p.inDays(1)
	p.work()
	p.soon(300, 1200)
	p.add(aboutCase, string(event.Decide), "作出决定").word = "denied"
	p.soon(60, 300)
	p.add(aboutCase, string(event.Finish), "办结").word = "denied"
}

// terminateMany plans an end by the department long before the due, one of many
// (R-PRC-06R).
func (p *injecting) terminateMany() {
	p.goTo(p.busyOrg(saltTerminating), world.Roomy)
	p.begun()
	p.inDays(1)
	p.work()
	p.inDays(1)
	p.add(aboutCase, string(event.Terminate), "终止办理").word = "dept"
}

// returnMany plans a ticket that one organisation sends back and has to take all
// the same, one of many (R-HOT-03-R).
func (p *injecting) returnMany() {
	s, w := p.s, p.world
	s.org = p.busyOrg(saltReturning)
	s.region, p.acting = w.Orgs[s.org].Region, s.org
	s.no = world.AppendNumber(s.no[:0], "RX", w.Regions[s.region].Code, s.day, s.index)
	p.sent()
	p.soon(300, 900)
	p.ticket(event.TReturn, "退单")
	p.soon(300, 900)
	p.ticket(event.TRedispatch, "驳回退单").to = s.org
	p.soon(300, 900)
	p.signed(1)
	p.inDays(1)
	p.replied()
}

// lateComplaint plans a complaint to the supervisor: the decision on it comes
// late, or its handling does.
func (p *injecting) lateComplaint() {
	p.s.facts[0].flaws = toSupervisor
	p.sent()
	p.signed(1)
	late := p.chance(0.5)
	if late {
		p.inDays(p.between(5, 7))
	} else {
		p.inDays(1)
	}
	f := p.ticket(event.TNote, "投诉受理")
	f.word, f.flag = acceptedBySupervisor, true
	if late {
		p.inDays(1)
	} else {
		p.inDays(p.between(14, 17))
	}
	p.replied()
}

// toSupervisor is R-ORD-03: five working days from the receipt of a complaint to
// the decision on it, fifteen to the answer.
func (j *judge) toSupervisor() {
	if j.facts[0].flaws&toSupervisor == 0 {
		return
	}
	received := j.facts[0].at
	final := &j.desks[len(j.desks)-1]
	answered, decided := world.Forever, world.Forever
	if final.stopAt != 0 {
		answered = final.stopAt
	}
	for i := range j.facts {
		if f := &j.facts[i]; f.word == acceptedBySupervisor {
			decided = min(decided, f.at)
		}
	}
	days := j.world.Days
	if due := world.EndOf(days.Add(world.LocalDay(received), 5)); min(decided, answered) > due {
		j.raise("R-ORD-03", "decide", turn{due + 1, yellow})
	}
	if due := world.EndOf(days.Add(world.LocalDay(received), 15)); answered > due {
		j.raise("R-ORD-03", "handle", turn{due + 1, yellow})
	}
}

// hearingLate: a hearing that was asked for is held after its time, or never.
func (p *injecting) hearingLate() {
	p.begun()
	p.inDays(1)
	p.add(aboutCase, string(event.Activity), "申请听证").word = hearingRequested
	p.soon(60, 900)
	p.work()
	if p.chance(0.3) {
		return
	}
	p.inDays(p.between(21, 25))
	p.add(aboutCase, string(event.Activity), "举行听证").word = hearingHeld
	p.inDays(1)
	p.done(0)
}

// movedAfterCard finishes late and moves the time of a visit afterwards.
func (p *injecting) movedAfterCard() {
	p.begun()
	p.inDays(1)
	p.work()
	p.soon(60, 600)
	p.add(aboutCase, string(event.Visit), "到场")
	visit := len(p.s.facts) - 1
	p.onDay(p.world.Days.Add(p.promised(), p.between(1, 3)))
	p.done(0)
	p.inDays(1)
	no, becomes := p.s.facts[visit].no, p.s.facts[visit].at+30_000
	p.s.facts[visit].amendedAt, p.s.facts[visit].amendedTo = p.t, becomes
	f := p.add(aboutCase, string(event.Amend), "")
	f.target, f.served, f.afterwards = no, becomes, true
}

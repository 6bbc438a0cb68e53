package inject

import (
	"duban/ingest/event"
	"duban/supervision/simulate/plan"
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
func (p *Injector) busyOrg(salt uint64) int32 {
	d := world.Date(p.Life.Day)
	busy := p.World.Busy
	return busy[world.Scatter(p.Seed, salt, int64(d.Year()*12+int(d.Month())))%uint64(len(busy))]
}

// goTo moves the case to an organisation.
func (p *Injector) goTo(org int32, suits func(t *world.Title) bool) {
	s, w := p.Life, p.World
	for _, it := range w.Orgs[org].Items {
		if suits(w.Items[it].Title) {
			s.Item = it
			break
		}
	}
	s.Org, p.Acting = org, org
	s.Region = w.Orgs[org].Region
	s.No = world.AppendNumber(s.No[:0], "ZW", w.Regions[s.Region].Code, s.Day, s.Index)
	s.Channel = "post"
	if p.World.Days.Working(s.Day) {
		s.Channel = "hall"
	}
}

// refuseMany plans a refusal with reasons, one of many (R-DEN-03).
func (p *Injector) refuseMany() {
	p.goTo(p.busyOrg(saltRefusing), world.Roomy)
	p.begun()
	p.InDays(1)
	p.work()
	p.Soon(300, 1200)
	p.Add(plan.AboutCase, string(event.Decide), "作出决定").Word = "denied"
	p.Soon(60, 300)
	p.Add(plan.AboutCase, string(event.Finish), "办结").Word = "denied"
}

// terminateMany plans an end by the department long before the due, one of many
// (R-PRC-06R).
func (p *Injector) terminateMany() {
	p.goTo(p.busyOrg(saltTerminating), world.Roomy)
	p.begun()
	p.InDays(1)
	p.work()
	p.InDays(1)
	p.Add(plan.AboutCase, string(event.Terminate), "终止办理").Word = "dept"
}

// returnMany plans a ticket that one organisation sends back and has to take all
// the same, one of many (R-HOT-03-R).
func (p *Injector) returnMany() {
	s, w := p.Life, p.World
	s.Org = p.busyOrg(saltReturning)
	s.Region, p.Acting = w.Orgs[s.Org].Region, s.Org
	s.No = world.AppendNumber(s.No[:0], "RX", w.Regions[s.Region].Code, s.Day, s.Index)
	p.sent()
	p.Soon(300, 900)
	p.AddTicket(event.TReturn, "退单")
	p.Soon(300, 900)
	p.AddTicket(event.TRedispatch, "驳回退单").To = s.Org
	p.Soon(300, 900)
	p.signed(1)
	p.InDays(1)
	p.replied()
}

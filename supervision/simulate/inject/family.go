package inject

import (
	"strconv"

	"duban/ingest/event"
	"duban/supervision/simulate/plan"
	"duban/supervision/simulate/world"
)

// Some planted lives come with others: a joint case with its sub-cases, a bulk
// upload with cases that lack their beginning. The first life plans how many
// members there are; each has a draw of its own.

const streamMember = 8

// jointParent plans a joint case: the parent is done in its own time, when its first
// sub-case is accepted; its sub-cases in turn hold the stage up. late: a sub-case comes too late, and all
// else is in time.
func (p *Injector) jointParent(late bool) {
	p.begun()
	accepted := p.At
	p.InDays(4)
	p.work()
	p.done(0)
	turn := 3
	if !late {
		turn = p.Rand.IntN(3)
	}
	p.Life.Family = plan.Family{Kind: plan.JointCase, Members: 2, Accepted: accepted, Way: turn}
}

// bulkUploaded plans the first of many cases of one office and day of which only
// the end is known.
func (p *Injector) bulkUploaded() {
	p.Life.Channel = ""
	if p.Life.Day = p.World.Days.Add(p.Life.Day, 1); p.Life.Day >= p.EndDay {
		p.Life.Day = p.World.Days.Back(p.EndDay, 1)
	}
	p.Life.Family = plan.Family{Kind: plan.BulkUpload, Members: 21, Day: p.Life.Day}
	p.endOnly()
}

// endOnly says that a case was filed away, and nothing else.
func (p *Injector) endOnly() {
	p.At = p.OfficeTime(p.Life.Day)
	p.Add(plan.AboutCase, string(event.Finish), "办结").Word = "archived"
}

// PlanMember plans one member of a family.
func (p *Injector) PlanMember(s *plan.Subject, f *plan.Family, k int) {
	p.Begin(s, streamMember, f.Index*64+int64(k), f.Day)
	w := p.World
	s.Index = f.Index + int64(k) + 1
	s.No = append(append(append(s.No[:0], f.No...), '-'), strconv.Itoa(k+1)...)
	if f.Kind == plan.BulkUpload {
		s.Item, s.Org = f.Item, f.Org
		s.Region, p.Acting = w.Orgs[s.Org].Region, s.Org
		s.Planted = "R-DAT-02"
		p.endOnly()
		return
	}
	s.Item = p.suitable(world.Roomy)
	s.Org = w.Items[s.Item].Org
	s.Region, p.Acting = w.Orgs[s.Org].Region, s.Org
	s.Joint, s.Parent, s.Channel = true, f.No, "hall"
	accepted := world.LocalDay(f.Accepted)
	s.Day = w.Days.Add(accepted, 1)
	held := k == 1
	switch {
	case !held:
	case f.Way == 0: // created so late that its own promise ends beyond the stage
		s.Day = w.Days.Add(accepted, plan.JointDays-3)
	case f.Way == 3:
		s.Day = w.Days.Add(accepted, p.Between(2, 4))
		s.Planted = "R-JNT-02"
	}
	p.begun()
	p.InDays(1)
	p.work()
	if held && f.Way == 2 {
		return // forgotten
	}
	if held && f.Way == 0 {
		p.OnDay(p.Promised())
	}
	if held && f.Way == 1 {
		p.OnDay(w.Days.Add(accepted, plan.JointDays+p.Between(2, 8)))
	}
	p.done(0)
}

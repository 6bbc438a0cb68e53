package plan

import (
	"slices"

	"duban/ingest/event"
	"duban/supervision/simulate/world"
)

// Offsets beyond never are not planned; forEver is such an offset.
const (
	never   = 300
	forEver = 400
)

// mark is something that happens a number of working days after acceptance.
type mark struct {
	offset int32
	order  int32 // of two marks on one day the lower one comes first
	do     func()
}

// process plans a promised item from acceptance to its end.
func (p *Planner) process() {
	w := p.World
	it := &w.Items[p.Life.Item]
	accepted := world.LocalDay(p.Standing().Began)
	v := it.At(accepted)
	limit := p.limit(it.Title, v, accepted)
	net := p.effort(limit)
	if p.Chance(0.006) {
		net = limit + forEver
	}
	var marks []mark
	put := func(offset, order int32, do func()) {
		marks = append(marks, mark{offset, order, do})
	}
	stop := net
	pauseFrom, pauseTo := int32(-1), int32(-1)
	// A pause begins before the promised due and needs a day to begin in.
	if it.Title.Pausable() && it.Title.Pause != "" && limit > 1 && min(net, limit) > 1 && p.Chance(0.14) {
		pauseFrom = p.Between(0, min(net, limit)-2)
		approved := p.Between(3, 15)
		taken := p.pauseTaken(approved)
		pauseTo = pauseFrom + taken
		stop = max(net+min(taken, approved), pauseTo)
		paused := false
		put(pauseFrom, 40, func() { paused = p.suspend(it.Title.Pause, approved) })
		put(pauseTo, 10, func() {
			if paused {
				p.Add(AboutCase, string(event.SuspendEnd), "特别程序结束")
			}
		})
	}
	free := func(offset int32) int32 { // a day outside the pause
		if pauseFrom >= 0 && offset >= pauseFrom && offset <= pauseTo {
			return pauseFrom
		}
		return offset
	}
	if it.Title.Pausable() && net >= limit && p.Chance(0.3) {
		put(free(limit-min(1, limit)), 30, p.extend)
	}
	p.steps(put, free, stop, limit)
	if it.HearingRequired() {
		put(free(min(stop, 60)), 35, func() { p.Add(AboutCase, string(event.Activity), "举行听证").Word = HearingHeld })
	}
	p.extras(put, free, stop)
	end := p.ending(limit, stop, pauseFrom >= 0, put)
	slices.SortStableFunc(marks, func(a, b mark) int {
		if a.offset != b.offset {
			return int(a.offset - b.offset)
		}
		return int(a.order - b.order)
	})
	for _, m := range marks {
		if end >= 0 && m.offset > end || m.offset > never {
			break
		}
		day := w.Days.Add(accepted, m.offset)
		if m.offset == 0 {
			day = max(accepted, p.Today())
		}
		p.OnDay(day)
		m.do()
	}
}

// limit returns the promised working days a plan aims at.
func (p *Planner) limit(t *world.Title, v *world.Version, accepted int32) int32 {
	switch {
	case v.Promise == world.Unlimited && v.Legal == world.Unlimited:
		return 20
	case v.Promise == world.Unlimited:
		return v.Legal
	case t.PromiseUnit == "C":
		return p.World.Days.Count(accepted, accepted+v.Promise)
	case v.Legal != world.Unlimited && t.LegalUnit == "W":
		return min(v.Promise, v.Legal)
	}
	return v.Promise
}

// effort draws how many working days the case takes: nearly always within the
// promise, sometimes on its last day, seldom beyond.
func (p *Planner) effort(limit int32) int32 {
	switch x := p.Rand.Float64(); {
	case x < 0.035:
		return limit + p.Between(1, 6)
	case x < 0.04:
		return limit + p.Between(7, 40)
	case x < 0.09:
		return limit
	default:
		return p.Between(0, max(limit-1, 0))
	}
}

// pauseTaken draws how long a pause lasts: within the approved days, some days
// beyond them, or without an end.
func (p *Planner) pauseTaken(approved int32) int32 {
	switch x := p.Rand.Float64(); {
	case x < 0.86:
		return p.Between(1, approved)
	case x < 0.98:
		return approved + p.Between(1, 5)
	}
	return forEver
}

// suspend plans the start of a pause and says whether there is one: once the
// promise is broken, or all but, no pause may mend it.
func (p *Planner) suspend(kind string, approved int32) bool {
	if p.World.Days.Count(p.Today(), p.Promised()) <= 1 {
		return false
	}
	f := p.Add(AboutCase, string(event.SuspendStart), "特别程序开始")
	f.Word, f.Days = kind, approved
	if p.Chance(0.02) {
		p.revise(f, approved+2)
	} else if p.Chance(0.02) {
		p.amendDays(f.No, approved, approved+p.Between(1, 3))
	}
	return true
}

// amendDays plans an amendment of the days that a fact carried; it is decided
// some hours later.
func (p *Planner) amendDays(no, was, becomes int32) {
	p.Soon(600, 3600)
	f := p.Add(AboutCase, string(event.Amend), "")
	f.Target, f.Days = no, becomes
	for i := range p.Life.Facts {
		if t := &p.Life.Facts[i]; t.No == no && t.Days == was {
			t.AmendedAt, t.AmendedDays = p.At, becomes
		}
	}
}

// extend plans an extension of the legal limit; some are revised, some voided.
func (p *Planner) extend() {
	if p.At > p.Standing().LegalDue {
		return
	}
	f := p.Add(AboutCase, string(event.Extend), "延期")
	f.Days = p.Between(3, 10)
	if p.Chance(0.1) {
		p.revise(f, f.Days/2+1)
		return
	}
	if p.Chance(0.1) {
		p.void(int32(len(p.Life.Facts) - 1))
	}
}

// void plans a void of the fact at a position, some minutes later.
func (p *Planner) void(position int32) {
	p.Soon(300, 1800)
	no := p.Life.Facts[position].No
	p.Life.Facts[position].VoidedAt = p.At
	p.Add(AboutCase, string(event.Void), "").Target = no
}

// steps plans two to four steps one after the other; each has its share of the promise.
func (p *Planner) steps(put func(int32, int32, func()), free func(int32) int32, stop, limit int32) {
	names := []string{"初审", "现场核查", "复审", "审核"}
	n := p.Between(2, 4)
	reach, share := min(stop, 60), max(1, (limit+n-1)/n)
	for i := range n {
		name := names[(i+4-n)%4]
		from, to := free(reach*i/n), free(reach*(i+1)/n)
		if from == to {
			put(from, 20+i, func() { p.Step(name, true); p.Soon(60, 600) })
			continue
		}
		put(from, 20+i, func() {
			f := p.Add(AboutCase, string(event.StepStart), name)
			f.Word, f.Days = name, share
		})
		put(to, 15, func() { p.Add(AboutCase, string(event.StepEnd), name).Word = name })
	}
}

// extras plans what accompanies a case and moves no clock.
func (p *Planner) extras(put func(int32, int32, func()), free func(int32) int32, stop int32) {
	within := func() int32 { return free(p.Between(0, min(stop, 60))) }
	if p.World.Items[p.Life.Item].Title.Fee && p.Chance(0.8) {
		put(within(), 24, func() {
			p.Add(AboutCase, string(event.FeeNotice), "缴费通知")
			p.Soon(600, 7200)
			p.Add(AboutCase, string(event.FeePaid), "缴费")
		})
	}
	if p.Chance(0.08) {
		put(within(), 25, func() { p.Add(AboutCase, string(event.Visit), "到场") })
	}
	if p.Chance(0.1) {
		put(within(), 26, func() { p.Add(AboutCase, string(event.Material), "补充材料") })
	}
	if p.Chance(0.12) {
		put(within(), 27, func() { p.Add(AboutCase, string(event.Activity), "内部会签") })
	}
	if peer := p.World.Orgs[p.Life.Org].Peer; peer != p.Life.Org && p.Chance(0.02) {
		put(within(), 28, func() {
			f := p.Add(AboutCase, string(event.Transfer), "转办")
			f.To = peer
			p.Acting = peer
		})
	}
	if p.Chance(0.004) {
		put(within(), 29, func() {
			p.Add(AboutCase, string(event.Finish), "办结").Word = "approved"
			p.void(int32(len(p.Life.Facts) - 1))
		})
	}
}

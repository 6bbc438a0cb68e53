package inject

import (
	"duban/ingest/event"
	"duban/supervision/simulate/plan"
	"duban/supervision/simulate/world"
)

// concluded plans a case up to its end, without ratings, and returns when.
func (p *Injector) concluded() int64 {
	p.begun()
	p.InDays(1)
	p.work()
	p.Soon(300, 1200)
	f := p.Add(plan.AboutCase, string(event.Decide), "作出决定")
	f.Word = "approved"
	p.Soon(60, 900)
	p.Add(plan.AboutCase, string(event.Finish), "办结").Word = "approved"
	served := p.At
	p.Soon(60, 900)
	p.Add(plan.AboutCase, string(event.Deliver), "送达").Word = "hall"
	return served
}

// rateMany plans ratings of one service by as many raters; each may change it.
func (p *Injector) rateMany(n int32, served int64, change func(f *plan.Fact)) {
	for i := range n {
		f := p.Rating(served, i+1)
		f.Level = 5
		change(f)
	}
}

// bulkRatings are five stars in bulk from one device, which is none of the hall.
func (p *Injector) bulkRatings() {
	served := p.concluded()
	p.OnDay(p.World.Days.Add(world.LocalDay(served), 1))
	p.rateMany(p.Between(20, 24), served, func(f *plan.Fact) {
		f.Word = "device"
		f.At += int64(f.Rater) * 1000
	})
}

// quickRatings are ratings within two seconds of the service.
func (p *Injector) quickRatings() {
	served := p.concluded()
	p.rateMany(p.Between(30, 36), served, func(f *plan.Fact) { f.At = served + 200 + int64(f.Rater)*40 })
}

// defaultRatings are ratings that the system filled in, many of a day.
func (p *Injector) defaultRatings() {
	served := p.concluded()
	p.OnDay(p.World.Days.Add(world.LocalDay(served), 6))
	p.rateMany(p.Between(60, 70), served, func(f *plan.Fact) {
		f.IsDefault, f.Rater = true, 0
		f.At += int64(f.No) * 100
	})
}

// badRatings are bad ratings of one service by several people, who complain of this
// and that.
func (p *Injector) badRatings() {
	served := p.concluded()
	p.OnDay(p.World.Days.Add(world.LocalDay(served), 1))
	p.rateMany(p.Between(5, 6), served, func(f *plan.Fact) {
		f.Level = 1 + f.Rater%2
		f.At += int64(f.Rater) * 60_000
		f.Flaws = []plan.Flaws{0, plan.ExtraMaterials, plan.ExtraConditions}[f.Rater%3]
	})
}

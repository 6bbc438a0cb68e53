package simulate

import (
	"duban/ingest/event"
	"duban/supervision/simulate/world"
)

// concluded plans a case up to its end, without ratings, and returns when.
func (p *injecting) concluded() int64 {
	p.begun()
	p.inDays(1)
	p.work()
	p.soon(300, 1200)
	f := p.add(aboutCase, string(event.Decide), "作出决定")
	f.word = "approved"
	p.soon(60, 900)
	p.add(aboutCase, string(event.Finish), "办结").word = "approved"
	served := p.t
	p.soon(60, 900)
	p.add(aboutCase, string(event.Deliver), "送达").word = "hall"
	return served
}

// rateMany plans ratings of one service by as many raters; each may change it.
func (p *injecting) rateMany(n int32, served int64, change func(f *fact)) {
	for i := range n {
		f := p.rating(served, i+1)
		f.level = 5
		change(f)
	}
}

// bulkRatings are five stars in bulk from one device, which is none of the hall.
func (p *injecting) bulkRatings() {
	served := p.concluded()
	p.onDay(p.world.Days.Add(world.LocalDay(served), 1))
	p.rateMany(p.between(20, 24), served, func(f *fact) {
		f.word = "device"
		f.at += int64(f.rater) * 1000
	})
}

// quickRatings are ratings within two seconds of the service.
func (p *injecting) quickRatings() {
	served := p.concluded()
	p.rateMany(p.between(30, 36), served, func(f *fact) { f.at = served + 200 + int64(f.rater)*40 })
}

// defaultRatings are ratings that the system filled in, many of a day.
func (p *injecting) defaultRatings() {
	served := p.concluded()
	p.onDay(p.world.Days.Add(world.LocalDay(served), 6))
	p.rateMany(p.between(60, 70), served, func(f *fact) {
		f.isDefault, f.rater = true, 0
		f.at += int64(f.no) * 100
	})
}

// badRatings are bad ratings of one service by several people, who complain of this
// and that.
func (p *injecting) badRatings() {
	served := p.concluded()
	p.onDay(p.world.Days.Add(world.LocalDay(served), 1))
	p.rateMany(p.between(5, 6), served, func(f *fact) {
		f.level = 1 + f.rater%2
		f.at += int64(f.rater) * 60_000
		f.flaws = []flaws{0, extraMaterials, extraConditions}[f.rater%3]
	})
}

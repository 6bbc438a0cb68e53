package simulate

import "duban/supervision/simulate/world"

// rateCase plans the ratings that a service got: the applicant's own within
// five working days, a later one in its place, one that comes too late, the
// system's default, and the second thoughts after a bad one.
func (p *planner) rateCase(served int64) {
	if p.s.test || p.s.secret {
		return
	}
	cursor := p.t
	defer func() { p.t = cursor }()
	p.t = served
	switch x := p.r.Float64(); {
	case x < 0.42:
		p.rate(served)
	case x < 0.44:
		p.onDay(p.world.Days.Add(world.LocalDay(served), p.between(6, 9)))
		p.rating(served, 1)
	case x < 0.62:
		p.onDay(p.world.Days.Add(world.LocalDay(served), 6))
		f := p.rating(served, 0)
		f.level, f.isDefault = 5, true
	}
}

func (p *planner) rate(served int64) {
	if p.chance(0.6) {
		p.soon(60, 3600)
	} else {
		p.onDay(p.world.Days.Add(world.LocalDay(served), p.between(1, 4)))
	}
	first := len(p.s.facts)
	f := p.rating(served, 1)
	if f.level <= 2 && p.chance(0.05) {
		// Taken out by decision: a second revision of the rating says so.
		barred := *f
		f.superseded = true
		barred.revision, barred.barred = 1, true
		p.s.facts = append(p.s.facts, barred)
		return
	}
	bad := f.level <= 2
	if p.chance(0.03) && p.world.Days.Count(world.LocalDay(served), p.today()) < 5 {
		p.soon(60, 1200)
		if p.world.Days.Count(world.LocalDay(served), p.today()) <= 5 {
			p.rating(served, 1)
			p.s.facts[first].replacedAt = p.t
			return
		}
	}
	if bad && p.chance(0.5) {
		p.inDays(p.between(2, 7))
		p.rating(served, 1).followUp = true
		p.s.facts[len(p.s.facts)-1].level = p.between(3, 5)
	}
}

// rating writes one rating at the cursor.
func (p *planner) rating(served int64, rater int32) *fact {
	f := p.add(aboutRating, "", "")
	f.org = p.s.org
	f.served, f.rater = served, rater
	f.flag = p.chance(0.4) // real name
	switch x := p.r.Float64(); {
	case x < 0.74:
		f.level = 5
	case x < 0.88:
		f.level = 4
	case x < 0.94:
		f.level = 3
	case x < 0.975:
		f.level = 2
	default:
		f.level = 1
	}
	return f
}

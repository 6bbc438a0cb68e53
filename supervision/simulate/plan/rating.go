package plan

import "duban/supervision/simulate/world"

// RateCase plans the ratings that a service got: the applicant's own within
// five working days, a later one in its place, one that comes too late, the
// system's default, and the second thoughts after a bad one.
func (p *Planner) RateCase(served int64) {
	if p.Life.Test || p.Life.Secret {
		return
	}
	cursor := p.At
	defer func() { p.At = cursor }()
	p.At = served
	switch x := p.Rand.Float64(); {
	case x < 0.42:
		p.rate(served)
	case x < 0.44:
		p.OnDay(p.World.Days.Add(world.LocalDay(served), p.Between(6, 9)))
		p.Rating(served, 1)
	case x < 0.62:
		p.OnDay(p.World.Days.Add(world.LocalDay(served), 6))
		f := p.Rating(served, 0)
		f.Level, f.IsDefault = 5, true
	}
}

func (p *Planner) rate(served int64) {
	if p.Chance(0.6) {
		p.Soon(60, 3600)
	} else {
		p.OnDay(p.World.Days.Add(world.LocalDay(served), p.Between(1, 4)))
	}
	first := len(p.Life.Facts)
	f := p.Rating(served, 1)
	if f.Level <= 2 && p.Chance(0.05) {
		// Taken out by decision: a second revision of the rating says so.
		barred := *f
		f.Superseded = true
		barred.Revision, barred.Barred = 1, true
		p.Life.Facts = append(p.Life.Facts, barred)
		return
	}
	bad := f.Level <= 2
	if p.Chance(0.03) && p.World.Days.Count(world.LocalDay(served), p.Today()) < 5 {
		p.Soon(60, 1200)
		if p.World.Days.Count(world.LocalDay(served), p.Today()) <= 5 {
			p.Rating(served, 1)
			p.Life.Facts[first].ReplacedAt = p.At
			return
		}
	}
	if bad && p.Chance(0.5) {
		p.InDays(p.Between(2, 7))
		p.Rating(served, 1).FollowUp = true
		p.Life.Facts[len(p.Life.Facts)-1].Level = p.Between(3, 5)
	}
}

// Rating writes one rating at the cursor.
func (p *Planner) Rating(served int64, rater int32) *Fact {
	f := p.Add(AboutRating, "", "")
	f.Org = p.Life.Org
	f.Served, f.Rater = served, rater
	f.Flag = p.Chance(0.4) // real name
	switch x := p.Rand.Float64(); {
	case x < 0.74:
		f.Level = 5
	case x < 0.88:
		f.Level = 4
	case x < 0.94:
		f.Level = 3
	case x < 0.975:
		f.Level = 2
	default:
		f.Level = 1
	}
	return f
}
